/* The description of this API, a part of the program. */
#include "api/handlers.h"

#include "api_openapi.h"

enum err get_openapi_yaml(struct http_call *c)
{
    return http_answer(c, 200, "application/yaml; charset=utf-8", api_openapi_yaml);
}

enum err get_openapi_json(struct http_call *c)
{
    return http_answer(c, 200, "application/json; charset=utf-8", api_openapi_json);
}
