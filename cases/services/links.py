"""Links between cases of one organization (CASE-11)."""

import datetime as dt

from django.db import transaction

from ..actors import Actor
from ..errors import Invalid, NotAllowed, NotPossible
from ..models import Case, CaseLink, Entry
from ..persistence import save, save_case
from ..rules.search import case_number_in
from .entries import write_entry
from .locks import lock_case


def link_cases(*, case_id: int, number: str, kind: str, actor: Actor, now: dt.datetime) -> CaseLink:
    """The two cases are linked, and both feeds say so (CASE-11).

    Raises NotAllowed, or Invalid if the number is not another case of the same organization.
    """
    with transaction.atomic():
        other_id = (
            Case.objects.filter(number=case_number_in(number)).values_list("pk", flat=True).first()
        )
        # One lock order: by primary key.
        locked = {pk: lock_case(pk) for pk in sorted({case_id, other_id or case_id})}
        case = locked[case_id]
        if not actor.may("cases.work_case"):
            raise NotAllowed("Your role does not allow you to link cases.")
        other = locked.get(other_id) if other_id else None
        if other is None or other.organization_id != case.organization_id:
            raise Invalid("number", "There is no case with this number in this organization.")
        if other.pk == case.pk:
            raise Invalid("number", "A case cannot be linked to itself.")
        if kind not in CaseLink.Kind.values:
            raise Invalid("kind", "Choose how the two cases are related.")
        if CaseLink.objects.filter(from_case__in=locked, to_case__in=locked).exists():
            raise Invalid("number", f"{other} is already linked with this case.")
        pair = [case, other]
        if kind == CaseLink.Kind.RELATED:
            pair.sort(key=lambda each: each.pk)
        link = CaseLink(
            from_case=pair[0], to_case=pair[1], kind=kind, created_at=now, created_by=actor.person
        )
        save(link, actor=actor, now=now, why="linking.link_cases")
        for each, peer in ((case, other), (other, case)):
            save_case(each, actor=actor, now=now, why="linking.link_cases", public=True, fields=[])
            write_entry(each, actor=actor, now=now, event=Entry.Event.LINKED, to_value=peer.number)
    return link


def unlink_cases(*, link_id: int, actor: Actor, now: dt.datetime) -> None:
    """The link is gone, and both feeds say so; its history stays.

    Raises NotAllowed, or NotPossible if somebody else removed it before.
    """
    if not actor.may("cases.work_case"):
        raise NotAllowed("Your role does not allow you to link cases.")
    with transaction.atomic():
        pair = CaseLink.objects.filter(pk=link_id).values_list("from_case", "to_case").first()
        locked = [lock_case(pk) for pk in sorted(pair or ())]
        link = CaseLink.objects.select_for_update().filter(pk=link_id).first()
        if link is None:
            raise NotPossible("This link has already been removed.")
        link._history_user = actor.person  # type: ignore[attr-defined]
        link._history_date = now  # type: ignore[attr-defined]
        link._change_reason = "linking.unlink_cases"  # type: ignore[attr-defined]
        link.delete()
        for each, peer in (locked, locked[::-1]):
            save_case(
                each, actor=actor, now=now, why="linking.unlink_cases", public=True, fields=[]
            )
            write_entry(
                each, actor=actor, now=now, event=Entry.Event.UNLINKED, from_value=peer.number
            )
