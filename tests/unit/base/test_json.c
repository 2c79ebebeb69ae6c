#include "../test.h"

static void writes_what_a_reader_expects(void **state UNUSED)
{
    TEST_CX(cx);
    struct buf b = buf_of(cx->mem, 4096);
    struct json j = json_to(&b);
    json_object(&j);
    json_key_str(&j, "a", STR("\"\\\n<\xe2\x80\xa8\xe5\xb8\x82"));
    json_key(&j, "b");
    json_array(&j);
    json_int(&j, -1);
    json_object(&j);
    json_end_object(&j);
    json_array(&j);
    json_end_array(&j);
    json_date(&j, 20261123);
    json_id(&j, 1);
    json_end_array(&j);
    json_key_bool(&j, "c", true);
    json_key_str(&j, "e", (struct str){ NULL, 0 });
    json_key(&j, "d");
    json_z(&j, NULL);
    json_end_object(&j);
    struct str out;
    ASSERT_OK(cx, buf_done(cx, &b, &out));
    ASSERT_STR(
        "{\"a\":\"\\\"\\\\\\u000a\\u003c\\u2028\xe5\xb8\x82\",\"b\":[-1,{},[],\"2026-11-23\","
        "\"0000000000001\"],\"c\":true,\"e\":\"\",\"d\":null}",
        out);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(writes_what_a_reader_expects) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
