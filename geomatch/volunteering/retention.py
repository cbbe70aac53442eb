"""How long each kind of personal data is kept: the shortest time that its purpose needs (PIPL 19)."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """A kind of data with a clock of its own; the value is what files and URLs say."""

    ORDER_CONTACTS = "order_contacts"
    WORDS = "words"
    NOTICES = "notices"
    LOOKS = "looks"
    WITHDRAWN_CONSENTS = "withdrawn_consents"
    CLOSED_ACCOUNTS = "closed_accounts"


USUAL_DAYS: dict[Kind, int] = {
    Kind.ORDER_CONTACTS: 90,
    Kind.WORDS: 730,
    Kind.NOTICES: 180,
    Kind.LOOKS: 1095,
    Kind.WITHDRAWN_CONSENTS: 1095,
    Kind.CLOSED_ACCOUNTS: 365,
}
"""Days, where a region sets none of its own."""

MEANINGS: dict[Kind, tuple[str, str]] = {
    Kind.ORDER_CONTACTS: (
        "订单结束后的门牌地址、准确位置和联系人",
        "Exact address, place and contact of an order, after its last change",
    ),
    Kind.WORDS: ("订单、评价和原因中的文字", "Free words of orders, reviews and reasons, after the last change"),
    Kind.NOTICES: ("通知的正文", "What notices said, after they were made"),
    Kind.LOOKS: ("查看完整信息的记录", "Who looked at what is masked, after the look"),
    Kind.WITHDRAWN_CONSENTS: ("已撤回的同意", "Consents, after they were withdrawn"),
    Kind.CLOSED_ACCOUNTS: ("已停用账号的名称", "Names of closed accounts, after the account was opened and closed"),
}
"""What each clock runs for, in Chinese and English."""

LEAST_DAYS, MOST_DAYS = 1, 3660
