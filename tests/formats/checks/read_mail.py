"""Reads a message as a mail program does, and says what is in it as JSON: read_mail.py FILE."""
import email
import email.policy
import json
import sys

with open(sys.argv[1], "rb") as file:
    message = email.message_from_binary_file(file, policy=email.policy.default)
assert not message.defects, message.defects
text, html = message.get_body(("plain",)), message.get_body(("html",))
assert not text.defects and not html.defects
print(json.dumps({
    "subject": message["subject"],
    "from": message["from"].addresses[0].addr_spec,
    "to": [to.addr_spec for to in message["to"].addresses],
    "id": message["message-id"],
    "date": message["date"].datetime.isoformat(),
    "automatic": message["auto-submitted"],
    "text": text.get_content(),
    "html": html.get_content(),
}))
