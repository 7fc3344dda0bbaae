"""Runs a command on a pseudo-terminal: run-on-pty.py COLUMNS ROWS COMMAND…

What the terminal is told goes to stdout. Each line of stdin is JSON: {"type": "text"} is typed,
{"size": [columns, rows]} makes it another size, and {"continue": true} wakes a command that was
stopped. Ends with the command's exit code.
"""

import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios


def resize(terminal, columns, rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def obey(terminal, line):
    order = json.loads(line)
    if "type" in order:
        os.write(terminal, order["type"].encode())
    if "size" in order:
        resize(terminal, *order["size"])
    if "continue" in order:
        os.kill(child, signal.SIGCONT)


columns, rows, *command = sys.argv[1:]
child, terminal = pty.fork()
if child == 0:
    resize(0, int(columns), int(rows))
    os.execvp(command[0], command)

orders = b""
while True:
    ready, _, _ = select.select([terminal, 0], [], [])
    if 0 in ready:
        read = os.read(0, 4096)
        if not read:
            break  # whoever started this is gone; the terminal hangs up
        *lines, orders = (orders + read).split(b"\n")
        for line in lines:
            obey(terminal, line)
    if terminal in ready:
        try:
            told = os.read(terminal, 65536)
        except OSError:  # the command closed it
            told = b""
        if not told:
            break
        os.write(1, told)

os.close(terminal)
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status))
