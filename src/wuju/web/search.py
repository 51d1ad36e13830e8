"""搜索: organizations by name, pinyin or code, findings and meetings by their words; inside the scope only."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from wuju.guidance.meetings import queries as meetings
from wuju.loops import queries as loops
from wuju.loops.lifecycle import DONE
from wuju.loops.queries import Filters, LoopRow
from wuju.org.relative import find_organizations

from .organizations import nothing_found
from .parts import Crumb, Empty
from .places import href_of
from .readers import reader_of
from .requests import WebRequest
from .responses import page

LIMIT = 10
LONGEST = 60
NOTHING_ASKED = Empty(
    "请写要找的组织、问题或记录。",
    note="组织可以用名称、拼音、拼音首字母或代码；问题用标题或编号；会议用主题。",
)


@require_safe
def search(request: WebRequest) -> HttpResponse:
    actor = reader_of(request)
    text = request.GET.get("q", "").strip()[:LONGEST]
    context: dict[str, object] = {"crumbs": [Crumb("搜索")], "q": text, "empty": NOTHING_ASKED}
    if text:
        found = find_organizations(scope=actor.scope, text=text)
        findings = loops.register(
            scope=actor.scope, filters=Filters(text=text), today=timezone.localdate(), size=LIMIT
        )
        held = meetings.meetings(scope=actor.scope, text=text, limit=LIMIT)
        context |= {
            "organizations": [(row, href_of("org", row.id)) for row in found],
            "findings": [_finding(row) for row in findings.rows],
            "findings_total": findings.total,
            "meetings": [(row, href_of("meeting", row.id)) for row in held.rows],
            "empty": nothing_found(text),
        }
    return page(request, "search/search.html", context)


def _finding(row: LoopRow) -> tuple[LoopRow, str, str, str]:
    """Return a finding with its status, the word for it and its page."""
    address = href_of("loop", row.id)
    if row.overdue and row.state not in DONE:
        return row, "overdue", "逾期", address
    return row, "met" if row.state in DONE else "open", row.state_label, address
