"""A year of a household's registers, by the component's own code and a clock that is set by hand. For demo and panel."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from custom_components.camguard.app.ports import Actor
from custom_components.camguard.app.registers.keeper import RegisterKeeper
from custom_components.camguard.domain.ledger import Event
from custom_components.camguard.domain.registers.record import Record
from custom_components.camguard.domain.registers.schema import Kind
from custom_components.camguard.domain.settings import SiteSettings
from custom_components.camguard.vault.register_store import Loaded
from custom_components.camguard.vault.vault import Vault

from .hands import Hands, in_thread

DAY_US = 86_400_000_000


class Year:
    """The registers of a vault, and the clock of whoever writes in them."""

    def __init__(self, vault: Vault, site: SiteSettings, owner: Actor, now_us: int) -> None:
        self.vault = vault
        self.clock = Hands()
        self.owner = owner
        self.now_us = now_us
        self.keeper = RegisterKeeper(
            site, vault, self.clock, in_thread, Loaded(), clock_believed=lambda: True, on_news=lambda: None
        )

    def day(self, ago: int) -> str:
        """Return the date so many days before now."""
        return (datetime.fromtimestamp(self.now_us / 1e6, UTC).date() - timedelta(days=ago)).isoformat()

    async def enter(self, ago: int, kind: Kind, picture: bytes | None = None, **fields: Any) -> Record:
        """Make a record, so many days before now."""
        self.clock.wall_us = self.now_us - ago * DAY_US
        return await self.keeper.save(kind, fields, self.owner, attachment=picture)

    async def change(self, ago: int, record: Record, **fields: Any) -> Record:
        """Change a record, so many days before now."""
        self.clock.wall_us = self.now_us - ago * DAY_US
        return await self.keeper.save(
            record.kind,
            dict(record.fields) | fields,
            self.owner,
            record_id=record.record_id,
            revision=record.revision,
        )


async def live_through_the_year(year: Year, camera_ids: Sequence[str], picture: bytes) -> None:
    """Set-up, sign, complaint with a changed zone, request, contractor's end, disposal: until a week ago."""
    day = year.day
    street = camera_ids[0]
    await year.enter(360, Kind.PERSON, name="佐藤 花子", role="responsible", pledged_on=day(360))
    await year.enter(360, Kind.PERSON, name="佐藤 健", role="deputy", pledged_on=day(358))
    await year.enter(
        359, Kind.SIGN, picture, place="門柱の左側", cameras=list(camera_ids), hung_on=day(359), states_present=True
    )
    complaint = await year.enter(
        200,
        Kind.COMPLAINT,
        nature="complaint",
        received_on=day(200),
        from_whom="山田 太郎",
        contact="隣家",
        about="2階の窓がカメラに映っているのではないか。",
        cameras=[street],
    )
    zones = [["隣家の窓", "0,0 40,0 40,40 0,40"]]
    facts = {"camera_id": street, "zones": zones, "mode": "event"}
    year.vault.ledger.append(Event.SETTINGS_CHANGED, facts | year.owner.facts, year.now_us - 199 * DAY_US)
    await year.change(
        198,
        complaint,
        answers=[{"date": day(199), "text": "画面を一緒に確認し、窓を塗りつぶす領域を追加した。"}],
        outcome="窓全体を塗りつぶす領域を追加し、撮影範囲の見直しの文書をお渡しした。",
        closed_on=day(198),
    )
    await year.enter(
        119,
        Kind.MEDIUM,
        picture,
        medium="microSD 64 GB（製造番号 A12-3456）",
        certificate="CW-2026-0001",
        destroyed_on=day(119),
        how="shredded",
        by="佐藤 花子",
    )
    request = await year.enter(
        90,
        Kind.ACCESS,
        received_on=day(90),
        from_whom="田中 次郎",
        about="当日の午後、門の前で転んだときの映像を見たい。",
        cameras=[street],
    )
    await year.change(
        88,
        request,
        identity_checked_on=day(89),
        identity_how="来訪時に運転免許証を確認",
        decision="shown",
        answers=[{"date": day(88), "text": "居間の画面で本人に見せた。"}],
        closed_on=day(88),
    )
    contractor = await year.enter(
        300,
        Kind.CONTRACTOR,
        name="熊谷電設",
        task="カメラの設置と年1回の点検",
        agreed_on=day(300),
        pledged_on=day(300),
        ends_on=day(30),
    )
    await year.change(29, contractor, ended_on=day(30), note="脚立の上から鍵を預けていないことを確認。")


async def go_on(year: Year, camera_ids: Sequence[str]) -> None:
    """What waits to be done now."""
    day = year.day
    await year.enter(
        3,
        Kind.COMPLAINT,
        nature="inquiry",
        received_on=day(3),
        from_whom="町内会",
        about="映像はどのくらいの間、保存されるのか。",
        cameras=[camera_ids[0]],
    )
    await year.enter(
        2,
        Kind.INCIDENT,
        noticed_on=day(2),
        about="閲覧に使っていたスマートフォンを駅で紛失した。",
        people="家族と通行人、20人程度",
        stopped_on=day(2),
    )
