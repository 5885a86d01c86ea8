"""A handler without a host, as the host would start it."""
import os
import signal
import socket
import subprocess
import sys
import time

from connection import connect, exchange, get
from platform_run import Process

START_DEADLINE_S = 30
# The clock of a process' own time, as clock_getcpuclockid(3) makes it of a pid: finer than the ticks of /proc.
PROCESS_CPU = 2


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class HandlerProcess:
    """Started when it is made, killed at the end of `with`."""

    def __init__(self, command, environment, folder=None):
        self.port = free_port()
        environment = {**environment, "FUNCTIONS_CUSTOMHANDLER_PORT": str(self.port)}
        self.began = time.perf_counter()
        self.process = subprocess.Popen(command, env=environment, cwd=folder, stdout=subprocess.DEVNULL)
        self.system = Process(self.process.pid)

    def first_answer_ms(self, path):
        """From exec until this is answered with 200. It is asked as soon as somebody listens."""
        while True:
            try:
                connection = connect(self.port)
                break
            except ConnectionRefusedError:
                if self.process.poll() is not None:
                    sys.exit(f"the handler ended with {self.process.returncode}")
                if time.perf_counter() - self.began > START_DEADLINE_S:
                    sys.exit(f"no answer within {START_DEADLINE_S} s")
        with connection:
            status = exchange(connection, get(path)).status
        if status != 200:
            sys.exit(f"the first answer to {path} was {status}")
        return (time.perf_counter() - self.began) * 1e3

    def cpu_s(self):
        """Seconds of a processor, to the nanosecond; of the process with all its threads."""
        return time.clock_gettime((~self.process.pid << 3) | PROCESS_CPU)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
