"""What the screens and the process use of the family file, in one place."""

from engine.families.chain import ChainRow, chain_overview, family_names
from engine.families.chain_order import ChainFilter
from engine.families.file.agreements import add_agreement, complete_agreement
from engine.families.file.choices import candidates, datasets, partners, referral_datasets
from engine.families.file.chronology import Entry, chronology
from engine.families.file.consents import ConsentFacts, withdraw_consent
from engine.families.file.contact_meter import ContactMeter, contact_meter
from engine.families.file.database import SqlFamilyFile
from engine.families.file.documents import drop_draft, load_draft, save_draft
from engine.families.file.involvements import InvolvedPerson, involved
from engine.families.file.overview import (
    ConcernFacts,
    FamilyFacts,
    FamilyOverview,
    TrajectoryFacts,
    family_overview,
)
from engine.families.rights.permission import permit, refuse
from engine.families.rights.task_relations import involved_in, may_work_on, nobody_in, task_relation
from engine.families.rights.visibility import file_relation, relation_to

__all__ = [
    "ChainFilter",
    "ChainRow",
    "ConcernFacts",
    "ConsentFacts",
    "ContactMeter",
    "Entry",
    "FamilyFacts",
    "FamilyOverview",
    "InvolvedPerson",
    "SqlFamilyFile",
    "TrajectoryFacts",
    "add_agreement",
    "candidates",
    "chain_overview",
    "chronology",
    "complete_agreement",
    "contact_meter",
    "datasets",
    "drop_draft",
    "family_names",
    "family_overview",
    "file_relation",
    "involved",
    "involved_in",
    "load_draft",
    "may_work_on",
    "nobody_in",
    "partners",
    "permit",
    "referral_datasets",
    "refuse",
    "relation_to",
    "save_draft",
    "task_relation",
    "withdraw_consent",
]
