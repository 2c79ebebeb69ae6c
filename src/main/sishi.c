/* main: puts the rooms together. Nothing includes this room. */
#include "base/base.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    (void)argc;
    (void)printf("%s\n", argv[0]);
    return 0;
}
