"""What a schedule can be kept to here: sleeps until each moment of one, and prints how late it woke up."""

import json
import sys
import time

interval_s = float(sys.argv[1]) / 1000
count = int(sys.argv[2])

late_ms = []
start_s = time.perf_counter() + interval_s
for i in range(count):
    due_s = start_s + i * interval_s
    time.sleep(max(0, due_s - time.perf_counter()))
    late_ms.append((time.perf_counter() - due_s) * 1000)
late_ms.sort()
print(json.dumps({"median": late_ms[count // 2], "p99": late_ms[count * 99 // 100], "max": late_ms[-1]}))
