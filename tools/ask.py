#!/usr/bin/env python3
"""ask: gets each address; fails, saying which, when one does not answer 200."""
import sys
import urllib.request

for address in sys.argv[1:]:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            print(f"{answer.status} {len(answer.read())} bytes  {address}")
    except OSError as e:
        sys.exit(f"{address}: {e}")
