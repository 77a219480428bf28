"""The tables of automation: macros and what they did, rules and what they did."""

from zaguan.automation.models.macros import Macro, Run, RunTicket, StepRow
from zaguan.automation.models.routing import Load, Passed, Route, SkillNeed
from zaguan.automation.models.rule_runs import RuleRun, RuleTimer, RuleTrial
from zaguan.automation.models.rules import ConditionRow, Rule, RuleVersion, TriggerRow
from zaguan.automation.models.webhooks import WebhookCall

__all__ = [
    "ConditionRow",
    "Load",
    "Macro",
    "Passed",
    "Route",
    "Rule",
    "RuleRun",
    "RuleTimer",
    "RuleTrial",
    "RuleVersion",
    "Run",
    "RunTicket",
    "SkillNeed",
    "StepRow",
    "TriggerRow",
    "WebhookCall",
]
