#!/usr/bin/env python3
"""Plays transcripts of sessions on a real pseudo-terminal and compares what the terminal shows.

    run.py PROGRAM FILE…            each must match exactly
    run.py --update PROGRAM FILE…   writes what the program shows into the files: read the diff as carefully as code

A transcript:

    # lines before the first run are notes
    $ moontide -i script.mt         a run; all runs of a file share one home (so its history) and the folder tests/data
    > summ<TAB>(ser)                keys typed at the prompt, then Enter; `  > ` at the prompt of a line that goes on
    | > summarize(ser)              what the terminal shows of that line, when keys such as <TAB> were typed
    anything else                   output
    <C-c>                           keys typed while the program runs, without Enter
    [exit 1]                        how the run ended, when not with 0
A line that ends in <C-c> or <C-d> is not followed by Enter. A run that does not leave by itself is left by Ctrl-D.
"""
import difflib, fcntl, os, pty, re, select, shlex, signal, struct, sys, tempfile, termios, time, unicodedata

PROMPTS = ("> ", "  > ")
KEYS = {"<TAB>": b"\t", "<C-c>": b"\x03", "<C-d>": b"\x04", "<UP>": b"\x1b[A", "<DOWN>": b"\x1b[B", "<LEFT>": b"\x1b[D",
        "<BS>": b"\x7f", "<C-a>": b"\x01", "<C-r>": b"\x12", "<CR>": b"\r"}
KEY = re.compile("|".join(map(re.escape, KEYS)))
COLUMNS, ROWS, PATIENCE, QUIET = 120, 60, 30.0, 0.5


class Screen:
    """What a terminal would show, without scrolling."""

    def __init__(self):
        self.lines, self.row, self.column, self.pending = [[]], 0, 0, ""

    def feed(self, text):
        text, self.pending = self.pending + text, ""
        at = 0
        while at < len(text):
            c = text[at]
            if c == "\x1b":
                escape = re.match(r"\x1b(\[([?>]?)([\d;]*)([A-Za-z@])|[=>()][0B]?)", text[at:])
                if not escape:
                    self.pending = text[at:]
                    return
                if escape.group(4) and not escape.group(2):
                    self.control(escape.group(4), escape.group(3))
                at += escape.end()
                continue
            if c == "\r":
                self.column = 0
            elif c == "\n":
                self.move_to(self.row + 1)
            elif c == "\b":
                self.column = max(0, self.column - 1)
            elif c == "\t":
                for _ in range(8 - self.column % 8):
                    self.put(" ")
            elif c >= " ":
                self.put(c)
            at += 1

    def move_to(self, row):
        self.row = max(0, row)
        while self.row >= len(self.lines):
            self.lines.append([])

    def put(self, c):
        width = 0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        if self.column + width > COLUMNS:
            self.move_to(self.row + 1)
            self.column = 0
        line = self.lines[self.row]
        line.extend(" " * (self.column + width - len(line)))
        if width == 0:
            line[self.column - 1] += c
        else:
            line[self.column] = c
            line[self.column + 1:self.column + width] = [""] * (width - 1)
        self.column += width

    def control(self, letter, numbers):
        n = int(numbers.split(";")[0] or 0)
        line = self.lines[self.row]
        if letter == "A":
            self.row = max(0, self.row - max(n, 1))
        elif letter == "B":
            self.move_to(self.row + max(n, 1))
        elif letter == "C":
            self.column += max(n, 1)
        elif letter == "D":
            self.column = max(0, self.column - max(n, 1))
        elif letter == "G":
            self.column = max(n, 1) - 1
        elif letter == "K" and n == 0:
            del line[self.column:]
        elif letter == "J" and n == 0:
            del line[self.column:], self.lines[self.row + 1:]
        elif letter == "P":
            del line[self.column:self.column + max(n, 1)]
        elif letter == "@":
            line[self.column:self.column] = " " * max(n, 1)

    def shown(self):
        return ["".join(line).rstrip() for line in self.lines]


class Run:
    """One run of the program on a pseudo-terminal."""

    def __init__(self, program, arguments, home, folder):
        self.screen, self.heard, self.ended = Screen(), time.monotonic(), False
        environment = {"PATH": os.environ["PATH"], "HOME": home, "XDG_STATE_HOME": home + "/state", "TERM": "xterm",
                       "NO_COLOR": "1", "INPUTRC": "/dev/null", "LC_ALL": "C.UTF-8"}
        environment.update({k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")})
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            os.chdir(folder)
            os.execve(program, ["moontide"] + arguments, environment)

    def listen(self, seconds):
        if self.ended:
            return
        if not select.select([self.terminal], [], [], seconds)[0]:
            return
        try:
            data = os.read(self.terminal, 65536)
        except OSError:
            data = b""
        self.ended = not data
        self.heard = time.monotonic()
        self.raw = getattr(self, "raw", b"") + data
        text = self.raw.decode("utf-8", "ignore")
        self.raw = self.raw[len(text.encode()):]
        self.screen.feed(text)

    def wait(self, ready):
        limit = time.monotonic() + PATIENCE
        while not ready() and not self.ended and time.monotonic() < limit:
            self.listen(0.05)
        return ready()

    def settle(self, needs_prompt):
        """Until a prompt stands there and nothing more comes; else, until the program is silent for long."""
        def is_still():
            silence = time.monotonic() - self.heard
            at_prompt = self.screen.shown()[-1] in [prompt.rstrip() for prompt in PROMPTS]
            return silence > QUIET if at_prompt else silence > 4 * QUIET and not needs_prompt
        self.wait(is_still)

    def send(self, keys):
        self.heard = time.monotonic()
        os.write(self.terminal, keys)

    def type(self, typed):
        """Types the keys of a line; returns the Enter that follows. Ctrl-C empties the terminal's queue, so what stands
        before it must have arrived."""
        parts = typed.split("<C-c>")
        for number, part in enumerate(parts):
            if number > 0:
                before = parts[number - 1]
                self.wait(lambda: self.screen.shown()[-1].endswith(KEY.split(before)[-1].rstrip()))
                self.send(KEYS["<C-c>"])
            self.send(KEY.sub(lambda key: KEYS[key.group()].decode(), part).encode())
        if not typed.endswith(("<C-c>", "<C-d>")):
            return b"\r"
        return b""

    def finish(self, kill=False):
        if kill or not self.wait(lambda: self.ended):
            os.kill(self.pid, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.terminal)
        return [f"[exit {status}]"] if status != 0 else []


def prompt_of(line):
    return next((p for p in PROMPTS if (line + " ").startswith(p)), None)


def is_step(line):
    return prompt_of(line) is not None or KEY.match(line)


def described(lines):
    """The screen that a transcript describes: typed lines without special keys show themselves."""
    screen = []
    for line in lines:
        if line.startswith("| "):
            screen.append(line[2:].rstrip())
        elif not (is_step(line) and KEY.search(line)):
            screen.append(line.rstrip())
    return screen


def check(run, lines):
    """Plays a run. Each step waits for the screen that the transcript expects, so nothing depends on the machine's
    speed. Returns what is expected and what was shown."""
    for number, line in enumerate(lines):
        if not is_step(line):
            continue
        prompt = prompt_of(line)
        here = described(lines[:number]) + ([prompt.rstrip()] if prompt else [])
        rows = None if prompt else -1  # while work runs, the last row may hold its progress
        if not run.wait(lambda: run.screen.shown()[:rows] == here):
            return described(lines), run.screen.shown() + run.finish(kill=True)
        run.send(run.type(line[len(prompt or ""):]))
    wanted = described(lines)
    run.wait(lambda: run.screen.shown() == wanted + [PROMPTS[0].rstrip()])
    return wanted, leave(run)


def record(run, lines):
    """Plays a run and returns the lines that its transcript should have."""
    written, taken = [], 0
    for line in filter(is_step, lines):
        run.settle(needs_prompt=prompt_of(line) is not None)
        shown = run.screen.shown()
        written += shown[taken:-1] + [line.rstrip()]
        taken = len(shown) - 1
        typed = line[len(prompt_of(line) or ""):]
        enter = run.type(typed)
        if prompt_of(line) is not None:
            taken += 1
        if prompt_of(line) is not None and KEY.search(line):
            run.settle(needs_prompt=False)
            echo = run.screen.shown()[taken - 1:]
            if typed.endswith(("<C-c>", "<C-d>")):
                echo.pop()  # the line after it
            written += ["| " + one for one in echo]
            taken += len(echo) - 1
        run.send(enter)
    run.settle(needs_prompt=True)
    return written + leave(run)[taken:]


def leave(run):
    """Ends a run that stands at its prompt; returns the screen without that last prompt, and how the run ended."""
    at_prompt = not run.ended and run.screen.shown()[-1] == PROMPTS[0].rstrip()
    if at_prompt:
        run.send(KEYS["<C-d>"])
    ending = run.finish()
    shown = run.screen.shown()
    if shown[-1] == "":
        shown.pop()
    if at_prompt:
        shown.pop()
    return shown + ending


def runs_of(text):
    notes, runs = [], []
    for line in text.split("\n")[:-1]:
        if line.startswith("$ moontide"):
            runs.append((line, []))
        else:
            (runs[-1][1] if runs else notes).append(line)
    return notes, runs


def main():
    arguments = sys.argv[1:]
    update = arguments[:1] == ["--update"]
    program, files = os.path.abspath(arguments[update]), arguments[update + 1:]
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data")
    failed = False
    for path in files:
        with open(path, encoding="utf-8") as file:
            notes, runs = runs_of(file.read())
        written = list(notes)
        with tempfile.TemporaryDirectory() as home:
            for head, lines in runs:
                run = Run(program, shlex.split(head)[2:], home, folder)
                if update:
                    written += [head] + record(run, lines)
                    continue
                expected, shown = check(run, lines)
                if expected != shown:
                    failed = True
                    print(f"{path}: {head}")
                    print("\n".join(difflib.unified_diff(expected, shown, "expected", "shown", lineterm="", n=4)))
        if update:
            with open(path, "w", encoding="utf-8") as file:
                file.write("\n".join(written) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
