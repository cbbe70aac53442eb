"""Floor 4: what leaves the machine: signed webhooks, robots of groups, mail.

Law: only services call it. Goes only to hosts that whoever runs the service has named, and only as long as is allowed;
whatever the other side does, an Outcome says it. Knows no database; the only home of apprise.
"""
