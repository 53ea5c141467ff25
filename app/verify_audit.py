"""核对审计日志：只读导出的文件，自己重算每一条的哈希，不用本系统的任何代码。

    python app/verify_audit.py export.jsonl [第二个文件 …] [--head 条数:哈希 …] [--head @日告文件 …]

一个文件装不下时按顺序给出几个文件。--head 是当时另外保存下来的、公布过的链头：没有它，整段改写或截断是看不出来的。
结果：0 没有发现问题，1 有问题，2 用法不对或文件打不开。格式见 docs/审计.md。
"""

import argparse
import hashlib
import re
import sys
from pathlib import Path

START, SHOWN = "0" * 64, 20
#: A file begins with a line that says after which position and hash it goes on; each other line is one position, with
#: its row and salt or, where the row is not the reader's to see, its digest.
HEAD = re.compile(r'\{"format":"doorstep-audit-1","after":(\d{1,15}),"hash":"([0-9a-f]{64})"\}\n?')
LINE = re.compile(
    r'\{"position":(\d{1,15}),"hash":"([0-9a-f]{64})",'
    r'(?:"digest":"([0-9a-f]{64})"|"salt":"([0-9a-f]{32})","row":(\{[ -~]*?"at":"([0-9-]{10})T[ -~]*\}))\}\n?'
)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()


class Check:
    """Goes through the lines once, remembers the hash so far, and collects what is wrong and what is worth knowing."""

    def __init__(self, heads: dict[int, set[str]]):
        self.heads, self.wrong, self.notes = heads, list[str](), list[str]()
        self.position, self.hash, self.begin, self.shown, self.latest = 0, START, -1, 0, ""

    def head_line(self, name: str, found: re.Match) -> None:
        after, given = int(found[1]), found[2]
        if self.begin < 0:
            self.begin, self.position, self.hash = after, after, given if after else START
            if after and given not in self.heads.get(after, set()):
                self.notes.append(f"文件从第 {after + 1} 条开始，起点没有公布过的链头可以对照，前面的没有核对。")
        elif (after, given) != (self.position, self.hash):
            self.wrong.append(f"文件 {name} 接不上前一个文件：它从第 {after} 条之后开始，前面到第 {self.position} 条。")
            self.position, self.hash = after, given

    def row_line(self, found: re.Match) -> None:
        position, given, digest, salt, row = int(found[1]), *found.group(2, 3, 4, 5)
        digest = digest or sha256(salt + row)
        if position != self.position + 1:
            what = "缺少" if position > self.position else "次序颠倒或重复"
            self.wrong.append(f"第 {self.position + 1} 条：{what}，接着出现的是第 {position} 条。")
        elif sha256(self.hash + digest) != given:
            self.wrong.append(f"第 {position} 条：内容与哈希不符，可能被改动、插入或调换。")
        if any(given != head for head in self.heads.get(position, ())):
            self.wrong.append(f"第 {position} 条：哈希与公布过的链头不同，到这里为止的记录被改写过。")
        if row:
            self.shown += 1
            if found[6] < self.latest:
                self.notes.append(f"第 {position} 条：日期比前面的记录早，可能是补写的，请核对。")
            self.latest = max(self.latest, found[6])
        self.position, self.hash = position, given

    def finish(self) -> None:
        for position in sorted(self.heads):
            if position > self.position:
                self.wrong.append(f"被截断：公布过第 {position} 条的链头，导出到第 {self.position} 条就没有了。")
        if not self.heads:
            self.notes.append("没有给出公布过的链头（--head），整段改写或截断看不出来。")


def read_heads(given: list[str]) -> dict[int, set[str]]:
    heads: dict[int, set[str]] = {}
    for one in given:
        found = re.findall(r"\b(\d+):([0-9a-f]{64})\b", Path(one[1:]).read_text("utf-8") if one[:1] == "@" else one)
        if not found:
            raise ValueError(f"看不懂链头 {one}，应写成 条数:64位哈希。")
        for position, value in found:
            heads.setdefault(int(position), set()).add(value)
    return heads


def read_file(check: Check, name: str) -> None:
    with open(name, encoding="utf-8", errors="replace", newline="\n") as file:
        for number, text in enumerate(file, 1):
            found = (HEAD if number == 1 else LINE).fullmatch(text)
            if found is None:
                check.wrong.append(f"文件 {name} 第 {number} 行读不懂，可能被改动过。")
            elif number == 1:
                check.head_line(name, found)
            else:
                check.row_line(found)


def main() -> int:
    parser = argparse.ArgumentParser(description="核对导出的审计日志")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--head", action="append", default=[], metavar="条数:哈希")
    asked = parser.parse_args()
    try:
        check = Check(read_heads(asked.head))
        for name in asked.files:
            read_file(check, name)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    check.finish()
    for words, found in (("有问题", check.wrong), ("提示", check.notes)):
        for one in found[:SHOWN] + [f"一共 {len(found)} 处。"] * (len(found) > SHOWN):
            print(f"{words}：{one}")
    span = f"第 {max(check.begin, 0) + 1} 到 {check.position} 条，看得到内容的 {check.shown} 条"
    print(f"{'核对不上' if check.wrong else '核对无误'}：{span}。链头 {check.position}:{check.hash}")
    return 1 if check.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
