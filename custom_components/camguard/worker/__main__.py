"""Entry of the worker's process, run by path: imports the package without Home Assistant's entry module.

The component's folder never goes on sys.path: files there (select.py, …) would shadow the standard library. Instead
an empty package `camguard` is registered whose `__path__` is that folder: `camguard.worker.main` is found below it.
"""

import sys
import types
from pathlib import Path

package = types.ModuleType("camguard")
package.__path__ = [str(Path(__file__).resolve().parent.parent)]
sys.modules["camguard"] = package

from camguard.worker.main import main  # type: ignore[import-not-found]  # noqa: E402

if __name__ == "__main__":
    main()
