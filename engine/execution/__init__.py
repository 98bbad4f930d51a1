"""The fence around SpiffWorkflow: tokens, scopes, events and state of one process instance.

SpiffWorkflow supplies the token machine (``Workflow``, ``Task``, ``TaskSpec``); every BPMN
meaning is a specification class of ours, after Camunda 8's rules. See
``docs/decisions/0005-tokens-in-scopes.md`` for why its tree holds live tokens only.
"""
