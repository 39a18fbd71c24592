"""What the pay page says: English, and Chinese in simplified and traditional characters."""

from collections.abc import Sequence

Words = dict[str, str]

_EN: Words = {
    "lang": "en",
    "band": "Development Stripe: no money moves",
    "pay_to": "Pay for your order",
    "total": "Total",
    "each": "each",
    "card": "Pay by card",
    "email": "Email",
    "number": "Card number",
    "expiry": "Expiry (MM / YY)",
    "cvc": "Security code",
    "pay": "Pay",
    "back": "Back to the shop without paying",
    "try": "Test cards",
    "try_hint": "Choose one to fill in its number; then pay.",
    "paid_title": "This order is paid",
    "paid_text": "The payment went through. There is nothing more to pay here.",
    "to_shop": "Back to the shop",
    "expired_title": "This page has expired",
    "expired_text": "Nothing has been charged, and nothing can be paid here any more. Please begin again in the shop.",
    "gone_title": "There is no such page",
    "gone_text": "Nothing has been charged. Please go back to the shop and begin again.",
    "secure_title": "Confirm that it is you",
    "secure_text": "Your bank would ask you here to confirm the payment. Choose what you do.",
    "complete": "Confirm the payment",
    "fail": "Fail the check",
    "ending": "Card ending in",
}
_ZH: Words = {
    "lang": "zh-Hans",
    "band": "开发用 Stripe：不会有任何资金往来",
    "pay_to": "支付订单",
    "total": "合计",
    "each": "每件",
    "card": "银行卡支付",
    "email": "邮箱",
    "number": "卡号",
    "expiry": "有效期（月 / 年）",
    "cvc": "安全码",
    "pay": "支付",
    "back": "不支付，返回商城",
    "try": "测试卡",
    "try_hint": "选择一张即可填入卡号，然后支付。",
    "paid_title": "订单已支付",
    "paid_text": "付款已成功，此处无需再支付。",
    "to_shop": "返回商城",
    "expired_title": "本页已失效",
    "expired_text": "没有扣款，此处也无法再付款。请回商城重新下单。",
    "gone_title": "没有这个页面",
    "gone_text": "没有扣款。请回商城重新开始。",
    "secure_title": "请确认是您本人",
    "secure_text": "您的银行会在这里请您确认付款。请选择要做什么。",
    "complete": "确认付款",
    "fail": "验证失败",
    "ending": "卡号尾号",
    "Succeeds": "成功",
    "Declined": "被拒绝",
    "Insufficient funds": "余额不足",
    "Asks for 3-D Secure": "需要 3-D Secure 验证",
    "Succeeds, then is disputed as fraud": "成功，随后以欺诈为由拒付",
    "Succeeds, then is disputed as not received": "成功，随后以未收到货为由拒付",
    "Succeeds; a refund is pending at first": "成功；退款先处于处理中",
    "Succeeds; a refund fails later": "成功；退款稍后失败",
    "Asks for 3-D Secure (always)": "总是需要 3-D Secure 验证",
    "Lost card": "已挂失",
    "Stolen card": "被盗卡",
    "Expired card": "已过期",
    "Wrong security code": "安全码错误",
    "Processing error": "处理出错",
    "Your card number is incorrect.": "卡号不正确。",
    "Your card was declined. Only test cards are taken here: no money moves.": "您的卡被拒绝。这里只接受测试卡：不会有任何资金往来。",
    "Your card was declined.": "您的卡被拒绝。",
    "Your card has insufficient funds.": "您的卡余额不足。",
    "Your card has expired.": "您的卡已过期。",
    "Your card's security code is incorrect.": "您的卡安全码不正确。",
    "An error occurred while processing your card. Try again in a little bit.": "处理您的卡时出错，请稍后再试。",
    "Your card's expiration date is incomplete.": "有效期不完整。",
    "Your card's expiration date is in the past.": "您的卡已过有效期。",
    "Your card's security code is incomplete.": "安全码不完整。",
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.": (
        "我们无法验证您的付款方式。请换一种付款方式再试。"
    ),
}
_HANT: Words = {
    "lang": "zh-Hant",
    "band": "開發用 Stripe：不會有任何資金往來",
    "pay_to": "支付訂單",
    "total": "合計",
    "each": "每件",
    "card": "信用卡付款",
    "email": "電郵",
    "number": "卡號",
    "expiry": "有效期（月 / 年）",
    "cvc": "安全碼",
    "pay": "付款",
    "back": "不付款，返回商城",
    "try": "測試卡",
    "try_hint": "選擇一張即可填入卡號，然後付款。",
    "paid_title": "訂單已付款",
    "paid_text": "付款已成功，此處無需再付款。",
    "to_shop": "返回商城",
    "expired_title": "本頁已失效",
    "expired_text": "沒有扣款，此處也無法再付款。請回商城重新下單。",
    "gone_title": "沒有這個頁面",
    "gone_text": "沒有扣款。請回商城重新開始。",
    "secure_title": "請確認是您本人",
    "secure_text": "您的銀行會在這裡請您確認付款。請選擇要做什麼。",
    "complete": "確認付款",
    "fail": "驗證失敗",
    "ending": "卡號末四碼",
    "Succeeds": "成功",
    "Declined": "被拒絕",
    "Insufficient funds": "餘額不足",
    "Asks for 3-D Secure": "需要 3-D Secure 驗證",
    "Succeeds, then is disputed as fraud": "成功，隨後以欺詐為由提出爭議",
    "Succeeds, then is disputed as not received": "成功，隨後以未收到貨為由提出爭議",
    "Succeeds; a refund is pending at first": "成功；退款先處於處理中",
    "Succeeds; a refund fails later": "成功；退款稍後失敗",
    "Asks for 3-D Secure (always)": "總是需要 3-D Secure 驗證",
    "Lost card": "已掛失",
    "Stolen card": "失竊卡",
    "Expired card": "已過期",
    "Wrong security code": "安全碼錯誤",
    "Processing error": "處理出錯",
    "Your card number is incorrect.": "卡號不正確。",
    "Your card was declined. Only test cards are taken here: no money moves.": "您的卡被拒絕。這裡只接受測試卡：不會有任何資金往來。",
    "Your card was declined.": "您的卡被拒絕。",
    "Your card has insufficient funds.": "您的卡餘額不足。",
    "Your card has expired.": "您的卡已過期。",
    "Your card's security code is incorrect.": "您的卡安全碼不正確。",
    "An error occurred while processing your card. Try again in a little bit.": "處理您的卡時出錯，請稍後再試。",
    "Your card's expiration date is incomplete.": "有效期不完整。",
    "Your card's expiration date is in the past.": "您的卡已過有效期。",
    "Your card's security code is incomplete.": "安全碼不完整。",
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.": (
        "我們無法驗證您的付款方式。請換一種付款方式再試。"
    ),
}


def words(locale: str | None, accepted: Sequence[str] = ()) -> Words:
    """The words for a session's locale; with "auto" or none, for the first language that the browser accepts."""
    wanted = [*accepted, "en"] if locale in {None, "auto"} else [locale or "en"]
    for tag in wanted:
        tag = tag.lower()
        if tag.startswith(("zh-hk", "zh-tw", "zh-mo", "zh-hant")):
            return _HANT
        if tag.startswith("zh"):
            return _ZH
        if tag.startswith("en"):
            return _EN
    return _EN


def say(chosen: Words, text: str) -> str:
    """A text in these words; in English as it is."""
    return chosen.get(text, text)
