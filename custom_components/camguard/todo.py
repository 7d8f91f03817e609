"""What the guideline asks for next, as a to-do list: without a name of anybody (guideline 2(3), 2(4), 2(7) to 2(9))."""

from homeassistant.components.todo import TodoItem, TodoItemStatus, TodoListEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .app.events import Change, ChangeKind
from .const import DOMAIN
from .domain.documents.household.duty_words import TASKS
from .domain.registers.duties import Duty, is_near
from .entity import SiteEntityBase
from .runtime import CamguardConfigEntry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    _hass: HomeAssistant, entry: CamguardConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the list."""
    async_add_entities([Duties(entry)])


class Duties(SiteEntityBase, TodoListEntity):
    """Nothing is checked off here: what is done is entered in the registers, and then it is gone from the list."""

    def __init__(self, entry: CamguardConfigEntry) -> None:
        super().__init__(entry, "duties")
        self.entity_id = f"todo.{DOMAIN}_duties"

    def concerned(self, change: Change) -> bool:
        """News of the registers, and of cameras that came or went."""
        return change.kind in {ChangeKind.DUTIES, ChangeKind.STATE}

    @property
    def todo_items(self) -> list[TodoItem]:
        """What is to be done within a month, the most urgent first."""
        registers = self._runtime.site.registers
        today = registers.today
        return [
            TodoItem(
                uid=f"{duty.what}:{duty.record_id or duty.subject}",
                summary=self._summary(duty),
                status=TodoItemStatus.NEEDS_ACTION,
                due=duty.due,
            )
            for duty in registers.duties(self._runtime.names)
            if is_near(duty, today)
        ]

    def _summary(self, duty: Duty) -> str:
        japanese = self.hass.config.language == "ja"
        text = TASKS[duty.what][0 if japanese else 1]
        named = duty.number or self._runtime.names.get(duty.subject, "")
        if not named:
            return text
        return f"{text}（{named}）" if japanese else f"{text} ({named})"
