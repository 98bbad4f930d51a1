"""The words of BPMN 2.0 (its XML schema) and of Camunda 8's zeebe extensions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

BPMN_ELEMENTS: Final = frozenset(
    {
        "activationCondition", "adHocSubProcess", "artifact", "assignment", "association",
        "auditing", "baseElement", "boundaryEvent", "businessRuleTask", "callActivity",
        "callChoreography", "callConversation", "cancelEventDefinition", "catchEvent",
        "category", "categoryValue", "categoryValueRef", "childLaneSet", "choreography",
        "choreographyActivity", "choreographyRef", "choreographyTask", "collaboration",
        "compensateEventDefinition", "completionCondition", "complexBehaviorDefinition",
        "complexGateway", "condition", "conditionExpression", "conditionalEventDefinition",
        "conversation", "conversationAssociation", "conversationLink", "conversationNode",
        "correlationKey", "correlationKeyRef", "correlationProperty",
        "correlationPropertyBinding", "correlationPropertyRef",
        "correlationPropertyRetrievalExpression", "correlationSubscription", "dataInput",
        "dataInputAssociation", "dataInputRefs", "dataObject", "dataObjectReference",
        "dataOutput", "dataOutputAssociation", "dataOutputRefs", "dataPath", "dataState",
        "dataStore", "dataStoreReference", "definitions", "documentation", "endEvent",
        "endPoint", "endPointRef", "error", "errorEventDefinition", "errorRef", "escalation",
        "escalationEventDefinition", "event", "eventBasedGateway", "eventDefinition",
        "eventDefinitionRef", "exclusiveGateway", "expression", "extension",
        "extensionElements", "flowElement", "flowNode", "flowNodeRef", "formalExpression",
        "from", "gateway", "globalBusinessRuleTask", "globalChoreographyTask",
        "globalConversation", "globalManualTask", "globalScriptTask", "globalTask",
        "globalUserTask", "group", "humanPerformer", "implicitThrowEvent", "import",
        "inMessageRef", "inclusiveGateway", "incoming", "innerConversationNodeRef",
        "innerMessageFlowRef", "innerParticipantRef", "inputDataItem", "inputSet",
        "inputSetRefs", "interface", "interfaceRef", "intermediateCatchEvent",
        "intermediateThrowEvent", "ioBinding", "ioSpecification", "itemDefinition", "lane",
        "laneSet", "linkEventDefinition", "loopCardinality", "loopCharacteristics",
        "loopCondition", "loopDataInputRef", "loopDataOutputRef", "manualTask", "message",
        "messageEventDefinition", "messageFlow", "messageFlowAssociation", "messageFlowRef",
        "messagePath", "monitoring", "multiInstanceLoopCharacteristics", "operation",
        "operationRef", "optionalInputRefs", "optionalOutputRefs", "outMessageRef",
        "outerConversationNodeRef", "outerMessageFlowRef", "outerParticipantRef", "outgoing",
        "outputDataItem", "outputSet", "outputSetRefs", "parallelGateway", "participant",
        "participantAssociation", "participantMultiplicity", "participantRef",
        "partitionElement", "partitionElementRef", "partnerEntity", "partnerEntityRef",
        "partnerRole", "partnerRoleRef", "performer", "potentialOwner", "process", "property",
        "receiveTask", "relationship", "rendering", "resource", "resourceAssignmentExpression",
        "resourceParameter", "resourceParameterBinding", "resourceRef", "resourceRole",
        "rootElement", "script", "scriptTask", "sendTask", "sequenceFlow", "serviceTask",
        "signal", "signalEventDefinition", "source", "sourceRef", "standardLoopCharacteristics",
        "startEvent", "subChoreography", "subConversation", "subProcess",
        "supportedInterfaceRef", "supports", "target", "targetRef", "task",
        "terminateEventDefinition", "text", "textAnnotation", "throwEvent", "timeCycle",
        "timeDate", "timeDuration", "timerEventDefinition", "to", "transaction",
        "transformation", "userTask", "value", "whileExecutingInputRefs",
        "whileExecutingOutputRefs"
    }
)  # fmt: skip

BPMN_ATTRIBUTES: Final = frozenset(
    {
        "activationCondition", "activityRef", "associationDirection", "attachedToRef",
        "behavior", "calledChoreographyRef", "calledCollaborationRef", "calledElement",
        "calledElementRef", "cancelActivity", "cancelRemainingInstances", "capacity",
        "categoryValueRef", "choreographyRef", "completionQuantity", "correlationKeyRef",
        "correlationPropertyRef", "dataInputRefs", "dataObjectRef", "dataStoreRef", "default",
        "definition", "definitionalCollaborationRef", "direction", "errorCode", "errorRef",
        "escalationCode", "escalationRef", "evaluatesToTypeRef", "eventGatewayType", "exporter",
        "exporterVersion", "expressionLanguage", "gatewayDirection", "id", "implementation",
        "implementationRef", "importType", "initiatingParticipantRef",
        "innerConversationNodeRef", "innerMessageFlowRef", "instantiate", "isClosed",
        "isCollection", "isExecutable", "isForCompensation", "isImmediate", "isInitiating",
        "isInterrupting", "isReference", "isRequired", "isSequential", "isUnlimited",
        "itemKind", "itemRef", "itemSubjectRef", "language", "location", "loopMaximum",
        "loopType", "maximum", "messageRef", "messageVisibleKind", "method", "minimum",
        "mustUnderstand", "name", "namespace", "noneBehaviorEventRef", "oneBehaviorEventRef",
        "operationRef", "ordering", "outerConversationNodeRef", "outerMessageFlowRef",
        "parallelMultiple", "parameterRef", "partitionElementRef", "processRef", "processType",
        "resourceRef", "schemaLocation", "scriptFormat", "scriptLanguage", "signalRef", "sourceRef",
        "startQuantity", "structureRef", "supportedInterfaceRef", "targetNamespace",
        "targetRef", "testBefore", "textFormat", "triggeredByEvent", "type", "typeLanguage",
        "value", "waitForCompletion", "xpdl"
    }
)  # fmt: skip

_WORDS: Final = {
    "agentDefinition": "",
    "adHoc": "activeElementsCollection outputCollection outputElement",
    "assignmentDefinition": "assignee candidateGroups candidateUsers",
    "bindingType": "",
    "calledDecision": "decisionId resultVariable bindingType versionTag",
    "calledElement": "processId processIdExpression propagateAllChildVariables "
    "propagateAllParentVariables bindingType versionTag businessId",
    "conditionalFilter": "condition variableNames variableEvents",
    "executionListener": "eventType type retries",
    "executionListeners": "",
    "formDefinition": "formId formKey externalReference bindingType versionTag",
    "header": "key value",
    "input": "source target",
    "ioMapping": "",
    "jobPriorityDefinition": "priority",
    "linkedResource": "resourceId resourceType bindingType versionTag linkName",
    "linkedResources": "",
    "loopCharacteristics": "inputCollection inputElement outputCollection outputElement",
    "output": "source target",
    "priorityDefinition": "priority",
    "properties": "",
    "property": "name value",
    "publishMessage": "correlationKey messageId timeToLive",
    "script": "expression resultVariable",
    "subscription": "correlationKey",
    "taskDefinition": "type retries",
    "taskHeaders": "",
    "taskListener": "eventType type retries",
    "taskListeners": "",
    "taskSchedule": "dueDate followUpDate",
    "userTask": "",
    "userTaskForm": "",
    "versionTag": "value",
}
ZEEBE_ELEMENTS: Final[Mapping[str, frozenset[str]]] = {
    tag: frozenset({"id", *attributes.split()}) for tag, attributes in _WORDS.items()
}
