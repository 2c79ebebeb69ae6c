/* yaml_json: prints a YAML file as JSON. Used at build time.
 *
 *   yaml_json FILE */
#include <libfyaml.h>

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    struct fy_parse_cfg cfg = { .flags = FYPCF_RESOLVE_DOCUMENT };
    struct fy_document *d = argc == 2 ? fy_document_build_from_file(&cfg, argv[1]) : NULL;
    char *text = d == NULL ? NULL : fy_emit_document_to_string(d, FYECF_MODE_JSON_ONELINE);
    int bad = text == NULL || puts(text) < 0;
    free(text);
    fy_document_destroy(d);
    return bad;
}
