"""A connection to another machine by a library that one of Home Assistant's own integrations uses.

The library is installed when the first place needs it, in the version that Home Assistant ships; what speaks to a
machine is made anew after each fault.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from homeassistant.core import HomeAssistant
from homeassistant.loader import IntegrationNotFound, async_get_integration
from homeassistant.requirements import RequirementsNotFound, async_process_requirements

from ...app.copies.store import CopyError

ANSWER_SECONDS = 60.0
"""A machine that is silent for so long is away."""

type Fault = Callable[[Exception], CopyError | None]


class Connection[Client]:
    """To one machine. All methods belong to the event loop."""

    def __init__(
        self,
        hass: HomeAssistant,
        integration: str,
        place: str,
        connect: Callable[[AsyncExitStack], Awaitable[Client]],
        fault: Fault,
    ) -> None:
        """Make what isn't connected yet.

        `integration` is Home Assistant's own that names the library. `connect` gives what is to be closed to the stack.
        `fault` names what an exception of the library means; None: it doesn't know.
        """
        self._hass = hass
        self._integration = integration
        self._place = place
        self._connect = connect
        self._fault = fault
        self._client: Client | None = None
        self._stack = AsyncExitStack()
        self._connecting = asyncio.Lock()

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Client]:
        """Give what speaks to the machine. Raises CopyError for whatever goes wrong within."""
        try:
            yield await self._connected()
        except CopyError, FileNotFoundError:
            raise
        except Exception as error:
            fault = self._fault(error)
            if fault is None:
                if not isinstance(error, OSError | asyncio.TimeoutError):
                    raise
                fault = CopyError("copy_unreachable", place=self._place, detail=str(error))
            if fault.key == "copy_unreachable":
                await self.close()
            raise fault from error

    async def close(self) -> None:
        """Let go of the machine."""
        stack, self._stack, self._client = self._stack, AsyncExitStack(), None
        await stack.aclose()

    async def _connected(self) -> Client:
        async with self._connecting:
            if self._client is None:
                await self._install()
                try:
                    self._client = await self._connect(self._stack)
                except BaseException:
                    await self.close()
                    raise
            return self._client

    async def _install(self) -> None:
        try:
            integration = await async_get_integration(self._hass, self._integration)
            await async_process_requirements(self._hass, integration.domain, integration.requirements)
        except (IntegrationNotFound, RequirementsNotFound) as error:
            raise CopyError("copy_library", place=self._place, detail=str(error)) from error
