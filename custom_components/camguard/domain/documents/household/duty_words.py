"""What each duty of the guideline asks for, and which facts there are for it: one sentence each, in both languages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

type Facts = Mapping[str, Any]
type Words = tuple[str, str]
"""(Japanese, English)."""


@dataclass(frozen=True, slots=True)
class DutyWords:
    """One duty of the guideline."""

    title: Words
    asks: Words
    facts: Callable[[Facts], Words]


def _yes(value: object, ja: Words, en: Words) -> Words:
    """Return the first or the second of each language."""
    return (ja[0], en[0]) if value else (ja[1], en[1])


def _custody(facts: Facts) -> Words:
    where = {
        True: (
            "クリップは暗号化し、開くための鍵は別の媒体に置いています。",
            "Clips are encrypted; their key lies on another medium.",
        ),
        False: (
            "クリップは暗号化していますが、鍵は同じ媒体にあります。",
            "Clips are encrypted, but their key lies on the same medium.",
        ),
        None: (
            "クリップは暗号化しています。鍵の場所は確認できません。",
            "Clips are encrypted; where their key lies can't be told now.",
        ),
    }[facts["split"]]
    if not facts["exposed"]:
        return where
    return (
        f"{where[0]}マスクのない映像が他でも使われているカメラが{facts['exposed']}台あります。",
        f"{where[1]} Cameras that are used elsewhere without their zones: {facts['exposed']}.",
    )


DUTIES: dict[str, DutyWords] = {
    "2(1)": DutyWords(
        ("設置目的", "Purpose"),
        ("防犯という設置目的を明確にし、目的外に使用しない。", "State the purpose; use footage for nothing else."),
        lambda facts: (
            f"設置目的：{facts['purpose']}。以前の目的のままの表示は{facts['signs']}件です。",
            f"Purpose: {facts['purpose']}. Signs that state another one: {facts['signs']}.",
        ),
    ),
    "2(2)": DutyWords(
        ("撮影範囲と設置場所", "Range and place"),
        (
            "公共の場所や他人の敷地が映る場合は、不必要な映像を撮影しないように撮影範囲を設定する。",
            "Where public space or others' premises are in view, film no more of them than is needed.",
        ),
        lambda facts: (
            f"カメラ{facts['cameras']}台に、塗りつぶす領域を{facts['zones']}個設定しています。"
            f"画像で確認していないカメラは{facts['unconfirmed']}台です。",
            f"Cameras: {facts['cameras']}; zones that are blanked out while filming: {facts['zones']}; cameras not confirmed"
            f" on a picture: {facts['unconfirmed']}.",
        ),
    ),
    "2(3)": DutyWords(
        ("設置の表示", "Sign"),
        (
            "撮影区域内又はその付近の見やすい場所に、設置していることを表示する。",
            "Make it known, visibly, in or near the filmed area.",
        ),
        lambda facts: (
            f"表示は{facts['signs']}か所。カメラ{facts['cameras']}台のうち{facts['signed']}台について表示しています。",
            f"Signs: {facts['signs']}; cameras with a sign: {facts['signed']} of {facts['cameras']}.",
        ),
    ),
    "2(4)": DutyWords(
        ("設置者の責務", "Operator's duty"),
        ("映像の漏えい防止など、適切な管理に必要な措置を講じる。", "Take the measures that proper handling needs."),
        lambda facts: (
            f"閲覧できるのは管理者{facts['administrators']}人と指定した{facts['viewers']}人で、閲覧はすべて台帳に残ります。"
            f"90日間閲覧していない人は{facts['idle']}人です。",
            f"Administrators: {facts['administrators']}; named viewers: {facts['viewers']}, of whom {facts['idle']} haven't"
            " viewed for 90 days. Each view is in the ledger.",
        ),
    ),
    "2(5)ア": DutyWords(
        ("保存期間", "Retention"),
        (
            "保存期間はできるだけ短くし、不要な映像を保存しない。",
            "Keep footage for a short time, and none that isn't needed.",
        ),
        lambda facts: (
            f"保存期間は最長{facts['days']}日間。期間を過ぎて残っているクリップは{facts['overdue']}件です。",
            f"At most {facts['days']} days; clips that are overdue: {facts['overdue']}.",
        ),
    ),
    "2(5)イ": DutyWords(
        ("加工の禁止", "No alteration"),
        ("映像は撮影時の状態のまま保存し、加工しない。", "Keep footage as it was captured."),
        lambda facts: (
            f"録画後の映像を変更する機能はなく、ハッシュ値と署名で検証しています。見つかった問題は{facts['problems']}件です。",
            f"Nothing changes footage after it was recorded; hashes and signatures are verified. Problems: {facts['problems']}.",
        ),
    ),
    "2(5)ウ": DutyWords(
        ("厳重な保管", "Custody"),
        ("記録媒体を厳重に保管し、通信による漏えいに注意する。", "Protect the medium; take care with networks."),
        _custody,
    ),
    "2(5)エ": DutyWords(
        ("消去", "Erasure"),
        ("保存期間が過ぎた映像は、速やかに上書き又は初期化により消去する。", "Erase at once when the time is over."),
        lambda facts: (
            f"鍵を破棄し、ファイルを上書きして消去します。これまでに{facts['erased']}件を消去し、"
            f"{facts['overdue']}件が消去待ちです。",
            f"The key is destroyed, then the file is overwritten. Erased so far: {facts['erased']}; waiting: {facts['overdue']}.",
        ),
    ),
    "2(5)オ": DutyWords(
        ("媒体の廃棄", "Disposal of media"),
        (
            "記録媒体を廃棄するときは、破砕など、読み取れない状態にする。",
            "Make media unreadable before they are thrown away.",
        ),
        lambda facts: (
            f"完全消去は{facts['wipes']}回。廃棄の記録は{facts['media']}件、うち{facts['waiting']}件は廃棄待ちです。",
            f"Wipes: {facts['wipes']}. Media in the register: {facts['media']}, of which {facts['waiting']} wait to be destroyed.",
        ),
    ),
    "2(6)": DutyWords(
        ("利用・提供の制限", "Use and disclosure"),
        (
            "法令に基づく場合、捜査機関から要請を受けた場合、緊急かつやむを得ない場合のほかは提供せず、提供したときは記録する。",
            "Give footage to nobody but on one of the three grounds, and write it down.",
        ),
        lambda facts: (
            f"提供記録は{facts['disclosures']}件です。",
            f"Disclosures in the ledger: {facts['disclosures']}.",
        ),
    ),
    "2(7)": DutyWords(
        ("苦情等への対応", "Complaints"),
        ("苦情や問合せには、誠実かつ迅速に対応する。", "Answer complaints and inquiries quickly and sincerely."),
        lambda facts: (
            f"受け付けた苦情・問合せは{facts['received']}件、うち対応中は{facts['waiting']}件です。",
            f"Received: {facts['received']}; not closed yet: {facts['waiting']}.",
        ),
    ),
    "2(8)": DutyWords(
        ("委託", "Contractors"),
        ("委託先にもガイドラインを遵守させる。", "Make contractors follow the same guideline."),
        lambda facts: (
            f"現在の委託先は{facts['contractors']}件です。",
            f"Contractors at present: {facts['contractors']}.",
        ),
    ),
    "2(9)": DutyWords(
        ("個人情報保護法の遵守", "Personal data law"),
        (
            "個人情報の保護に関する法律を守り、映像を適正に取り扱う。",
            "Follow the Act on the Protection of Personal Information.",
        ),
        lambda facts: (
            f"開示請求は{facts['requests']}件、うち対応中は{facts['waiting']}件。対応中の漏えい等は{facts['incidents']}件です。",
            f"Requests of persons filmed: {facts['requests']}, not closed yet: {facts['waiting']}; open incidents: {facts['incidents']}.",
        ),
    ),
}

TASKS: dict[str, Words] = {
    "put_up_sign": ("表示板を掲示し、掲示場所を記録する", "Put up a sign and enter where it hangs"),
    "renew_sign": ("現在の設置者・連絡先・設置目的の表示に取り替える", "Replace the sign: it states something else"),
    "look_at_sign": ("表示板を点検する", "Look at the sign again"),
    "name_responsible": ("管理責任者を定める", "Name the responsible person"),
    "enter_viewer": ("閲覧者を管理簿に記入する", "Enter a viewer in the register"),
    "pledge": ("閲覧者から誓約書を受け取る", "Get a viewer's pledge"),
    "review": ("年1回の見直しを行う", "Hold the yearly review"),
    "make_report": ("年1回の運用状況報告書を作る", "Make the yearly report"),
    "destroy_medium": ("媒体を物理的に破壊する", "Destroy the medium"),
    "answer": ("苦情・問合せに回答する", "Answer the complaint or inquiry"),
    "agree": ("委託先と取決めを交わし、誓約書を受け取る", "Agree with the contractor and get the pledge"),
    "end_agreement": ("委託を終了又は更新する", "End or renew the agreement"),
    "check_identity": ("請求者が本人であることを確認する", "Check that the person is who they say"),
    "answer_request": ("開示請求に回答する", "Answer the request"),
    "stop_leak": ("漏えいを止める", "Stop the leak"),
    "tell_persons": ("本人に知らせる", "Tell the persons concerned"),
    "report_leak": ("個人情報保護委員会に速報する", "File the preliminary report"),
    "report_leak_finally": ("個人情報保護委員会に確報する", "File the final report"),
    "prevent_leak": ("再発防止策を決め、完了とする", "Keep it from happening again, and close"),
}
"""What is to be done, by a duty's `what`."""
