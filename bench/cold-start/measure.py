#!/usr/bin/env python3
"""From exec to the first answer: starts a handler again and again and times its first reply.

Usage: bench/cold-start/measure.py BINARY [RUNS]   (default 50 runs)
Prints milliseconds: median, 95th percentile, worst; and the resident memory after the first answer.
"""
import json, os, socket, statistics, subprocess, sys, time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def liveness(binary):
    """Where the app says that it is alive: the route of its function `health`."""
    described = json.loads(subprocess.run([binary, "--describe"], check=True, capture_output=True).stdout)
    health = next(function for function in described["functions"] if function["name"] == "health")
    return "/" + health["route"].replace("{probe}", "live")


def first_answer(binary, path, environment):
    port = free_port()
    environment = {**environment, "FUNCTIONS_CUSTOMHANDLER_PORT": str(port)}
    started = time.perf_counter()
    process = subprocess.Popen([binary], env=environment, stdout=subprocess.DEVNULL)
    try:
        while True:
            try:
                with socket.create_connection(("127.0.0.1", port)) as s:
                    s.sendall(f"GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode())
                    status = s.recv(64).split(b" ")[1]
                    elapsed = (time.perf_counter() - started) * 1000
                    assert status == b"200", status
                    break
            except ConnectionRefusedError:
                if time.perf_counter() - started > 10:
                    sys.exit("no answer within 10 s")
        with open(f"/proc/{process.pid}/status") as status:
            rss = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
        return elapsed, rss
    finally:
        process.kill()
        process.wait()


def main():
    binary, runs = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 50
    with open(os.path.join(ROOT, "local.settings.sample.json")) as settings:
        environment = {**os.environ, **json.load(settings)["Values"]}
    path = liveness(binary)
    first_answer(binary, path, environment)
    samples = [first_answer(binary, path, environment) for _ in range(runs)]
    times = sorted(elapsed for elapsed, _ in samples)
    p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
    print(f"first answer of {runs} starts: median {statistics.median(times):.1f} ms, "
          f"p95 {p95:.1f} ms, worst {times[-1]:.1f} ms; memory {max(rss for _, rss in samples) / 1024:.1f} MiB")


main()
