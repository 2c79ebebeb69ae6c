/* Every failure in Sishi, once. X(symbol, http, zh, en)
 * Made from this table: enum err, err_name(), err_text(), the HTTP status, docs/errors.md.
 * A room adds its failures under its own heading. */
#define ERR_TABLE(X)                                                                               \
    ERR_TABLE_BASE(X)                                                                              \
    ERR_TABLE_CORE(X)                                                                              \
    ERR_TABLE_STORE(X)                                                                             \
    ERR_TABLE_DEF(X)                                                                               \
    ERR_TABLE_KERNEL(X)                                                                            \
    ERR_TABLE_OFFICE(X)                                                                            \
    ERR_TABLE_HTTP(X)                                                                              \
    ERR_TABLE_CLI(X)

#define ERR_TABLE_BASE(X)                                                                          \
    X(OK, 200, "成功", "ok")                                                                       \
    X(NO_MEMORY, 503, "内存不足", "out of memory")                                                 \
    X(TOO_LONG, 413, "内容过长", "input longer than its limit")                                    \
    X(UTF8, 422, "不是有效的 UTF-8 文本", "text is not valid UTF-8")                               \
    X(NUMBER, 422, "不是有效的整数", "not a whole number in its range")                            \
    X(DATE, 422, "不是有效的日期", "not a date")                                                   \
    X(FILE, 500, "文件读写失败", "a file could not be read or written")                            \
    X(CSV_OPEN, 422, "引号没有闭合", "a quote is opened and not closed")                           \
    X(CSV_BEHIND, 422, "闭合引号后有多余字符", "text behind a closing quote")                      \
    X(CSV_FIELDS, 422, "列数过多", "too many columns")                                             \
    X(CSV_LONG, 422, "行过长", "row longer than its limit")                                        \
    X(CSV_NUL, 422, "含有空字节", "row has a byte 0")                                              \
    X(CSV_COLUMNS, 422, "列数与表头不符", "number of columns differs from the header")

/* core: codes, digests, the draw */
#define ERR_TABLE_CORE(X)                                                                          \
    X(USCC_LENGTH, 422, "统一社会信用代码应为18位", "USCC is not 18 characters")                   \
    X(USCC_CHARACTER, 422, "统一社会信用代码含非法字符", "USCC has a character outside its set")   \
    X(USCC_CHECKSUM, 422, "统一社会信用代码校验位不符", "USCC check character does not match")     \
    X(USCC_ORGANISATION, 422, "统一社会信用代码主体标识码校验位不符",                              \
      "USCC organisation check character does not match")                                          \
    X(REGNO, 422, "注册号有误", "registration number is invalid")                                  \
    X(MERKLE_RANGE, 422, "超出默克尔树的范围", "position or size is outside the Merkle tree")      \
    X(MERKLE_PRESENT, 422, "前后两行不能证明该行不存在",                                           \
      "the neighbouring lines do not show that the line is absent")                                \
    X(DRAW_FILE, 422, "抽查文件格式有误", "draw file is malformed")                                \
    X(DRAW_MISMATCH, 422, "抽查文件与核验结果不符", "draw does not verify")                        \
    X(DRAW_VOID, 409, "缺少部门公开值，本次抽查作废", "a value is missing, the draw is void")      \
    X(ASSIGN_TIE, 409, "检查人员抽取结果不唯一", "assignment of inspectors is not unique")

/* store: databases */
#define ERR_TABLE_STORE(X)                                                                         \
    X(STORE, 500, "数据库错误", "database error")                                                  \
    X(STORE_BUSY, 503, "数据库繁忙，请重试", "database is busy, try again")                        \
    X(STORE_FULL, 507, "存储空间已满", "storage is full")                                          \
    X(STORE_UNKNOWN, 503, "提交结果未知，请用同一请求号重试",                                      \
      "outcome of the commit is unknown, repeat with the same key")                                \
    X(NOT_FOUND, 404, "未找到", "no such record")                                                  \
    X(DUPLICATE, 409, "记录已存在", "record exists already")                                       \
    X(CLOCK, 500, "系统时钟异常", "system clock cannot be trusted")

/* def: definition files */
#define ERR_TABLE_DEF(X) X(DEFINITION, 500, "定义文件有误", "definition file is invalid")

/* kernel: who may do what, the evidence log */
#define ERR_TABLE_KERNEL(X)                                                                        \
    X(SIGNED_OUT, 401, "请先登录", "sign in first")                                                \
    X(FORBIDDEN, 403, "无权办理", "your role may not do this")                                     \
    X(MOVED_MEANWHILE, 409, "记录已被他人更改，请刷新后重试",                                      \
      "changed by somebody else meanwhile")                                                        \
    X(NOTE, 422, "签名记录有误", "signed note is malformed or does not verify")

/* office: the register, the draw, accounts, jobs */
#define ERR_TABLE_OFFICE(X)                                                                        \
    X(STATE, 409, "当前状态不可办理此步骤", "step not allowed in this state")                      \
    X(FIELD, 422, "填写有误", "a field is missing or wrong")                                       \
    X(DRAW_WAIT, 409, "尚未到可办理此步骤的时间", "too early for this step of the draw")           \
    X(DRAW_EMPTY, 409, "没有可抽取的对象", "nobody to draw from")                                  \
    X(DRAW_MISSING, 409, "还有部门未提交承诺", "a department has not contributed yet")             \
    X(DRAW_REVEAL, 422, "揭示值与承诺不符", "value does not match its commitment")                 \
    X(DRAW_BEACON, 422, "公共随机数格式有误", "beacon value is not in its canonical form")         \
    X(PASSWORD, 401, "用户名或密码不正确", "wrong name or password")                               \
    X(LOCKED, 423, "账号已锁定，请稍后再试", "account is locked, try again later")

/* http: requests */
#define ERR_TABLE_HTTP(X)                                                                          \
    X(BAD_REQUEST, 400, "请求有误", "malformed request")                                           \
    X(NO_ROUTE, 404, "没有这个地址", "no such address")                                            \
    X(LISTEN, 500, "无法监听该地址", "cannot listen on that address")                              \
    X(METHOD, 405, "不支持的请求方法", "method not allowed here")                                  \
    X(MEDIA_TYPE, 415, "不支持的内容类型", "content type not accepted here")                       \
    X(CSRF, 403, "页面已过期，请刷新后重试", "form token missing or stale")

/* cli: the command line */
#define ERR_TABLE_CLI(X) X(USAGE, 400, "命令用法有误", "wrong usage of the command")
