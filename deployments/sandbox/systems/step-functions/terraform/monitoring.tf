locals {
  alarms = {
    executions-failed = { namespace = "AWS/States", metric = "ExecutionsFailed", statistic = "Sum", threshold = 0 }
    function-errors   = { namespace = "AWS/Lambda", metric = "Errors", statistic = "Sum", threshold = 5 }
    server-errors     = { namespace = "AWS/ApiGateway", metric = "5XXError", statistic = "Sum", threshold = 5 }
    throttles         = { namespace = "AWS/DynamoDB", metric = "ThrottledRequests", statistic = "Sum", threshold = 0 }
    duration          = { namespace = "AWS/States", metric = "ExecutionTime", statistic = "Maximum", threshold = 3600000 }
  }
  dimensions = {
    "AWS/States"     = { StateMachineArn = format(local.arn, "states", "stateMachine:${local.name}") }
    "AWS/Lambda"     = { FunctionName = "${local.name}-jira" }
    "AWS/ApiGateway" = { ApiName = local.name }
    "AWS/DynamoDB"   = { TableName = "workflow-executions-${var.environment}" }
  }
}

resource "sandbox_alarm" "alarms" {
  for_each = local.alarms
  name     = "${local.name}-${each.key}"
  settings = jsonencode({
    namespace  = each.value.namespace
    metric     = each.value.metric
    statistic  = each.value.statistic
    threshold  = each.value.threshold
    dimensions = local.dimensions[each.value.namespace]
    topic      = local.topic
    tags       = local.tags
  })
}

resource "sandbox_dashboard" "workflow" {
  name = local.name
  settings = jsonencode({
    widgets = [for name, alarm in local.alarms : {
      type   = "metric"
      width  = 12
      height = 6
      properties = {
        title   = name
        region  = var.aws_region
        metrics = [[alarm.namespace, alarm.metric]]
        stat    = alarm.statistic
      }
    }]
  })
}
