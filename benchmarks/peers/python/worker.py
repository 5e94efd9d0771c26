"""The process of an engine of Python's; it speaks the lines of chainrule.benchmarks.peers.Worker.

usage: worker.py numpy|pytorch THREADS
"""

import importlib
import sys
import time
import traceback

MARK = "bench> "


class Worker:
    def __init__(self, engine, threads):
        self.engine = engine
        self.threads = threads
        self.task = None
        self.name = ""

    def answer(self, words):
        if words[0] == "open":
            self.name = words[1]
            self.task = self.engine.open_task(self.name, self.threads)
            return "none" if self.task is None else "ready"
        if words[0] == "again":
            return self.answer(["open", self.name])
        if words[0] == "turn":
            return self.turn(int(words[1]) * 1000, int(words[2]))
        if words[0] == "numbers":
            return " ".join(["numbers"] + [repr(x) for x in self.task.result()])
        if words[0] == "close":
            self.task = None
            return "closed"
        return "error no command " + " ".join(words)

    def turn(self, nanos, most):
        run = self.task.run
        start = time.perf_counter_ns()
        calls = 0
        while True:
            run()
            calls += 1
            elapsed = time.perf_counter_ns() - start
            if elapsed >= nanos or calls >= most:
                return "done %d %d" % (calls, elapsed)


def main():
    engine = importlib.import_module(sys.argv[1] + "_engine")
    answers, sys.stdout = sys.stdout, sys.stderr
    worker = Worker(engine, int(sys.argv[2]))
    print("\n" + MARK + "engine " + engine.TITLE, file=answers, flush=True)
    for line in sys.stdin:
        try:
            said = worker.answer(line.split())
        except Exception as e:
            traceback.print_exc()
            said = "error " + repr(e).splitlines()[0]
        print("\n" + MARK + said, file=answers, flush=True)


main()
