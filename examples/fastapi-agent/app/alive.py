"""The health check of the image: exits 0 when the process answers."""

import os
import sys
import urllib.request

try:
    urllib.request.urlopen(f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/livez", timeout=3).close()
except OSError as error:
    sys.exit(f"not alive: {error}")
