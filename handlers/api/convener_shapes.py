"""首接负责 as a shape: who answers for a case as a whole; the reporter learns the community, staff also the worker."""

from pydantic import BaseModel, Field

from app.rules import first_receiver
from handlers.api.shapes import WorkerOut
from models.case import Case


class ConvenerOut(BaseModel):
    community: str = Field(description="The community that received it first.")
    worker: WorkerOut | None = Field(description="Who has it there, or had it first. Only for staff.")
    unit: str | None = Field(description="The unit that accepted to lead it, if one did.")
    words: str

    @classmethod
    def of(cls, case: Case, staff: bool) -> "ConvenerOut":
        found = first_receiver.convener_of(case)
        worker = WorkerOut(key=found.worker.key, name=found.worker.name) if staff and found.worker else None
        return cls(
            community=found.community.name, worker=worker, unit=found.unit.name if found.unit else None,
            words=found.words,
        )  # fmt: skip
