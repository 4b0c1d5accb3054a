resource "sandbox_role" "states" {
  name = "${local.name}-states"
  settings = jsonencode({
    service = "states.amazonaws.com"
    statements = [{
      Effect   = "Allow"
      Action   = ["lambda:InvokeFunction"]
      Resource = format(local.arn, "lambda", "function:${local.name}-jira")
    }]
    tags = local.tags
  })
}

resource "sandbox_state_machine" "workflow" {
  name = local.name
  settings = jsonencode({
    role    = "arn:aws:iam::${var.account}:role/${local.name}-states"
    tracing = var.enable_xray
    type    = "STANDARD"
    tags    = local.tags
    definition = {
      Comment        = "An issue waits until Jira says how it went"
      StartAt        = "AskJira"
      TimeoutSeconds = var.state_machine_timeout_seconds
      States = {
        AskJira = {
          Type     = "Task"
          Resource = "arn:aws:states:::lambda:invoke.waitForTaskToken"
          Parameters = {
            FunctionName = format(local.arn, "lambda", "function:${local.name}-jira")
            Payload      = { "token.$" = "$$.Task.Token", "issue.$" = "$.issue" }
          }
          TimeoutSeconds = 3600
          Retry          = [{ ErrorEquals = ["Lambda.ServiceException", "Lambda.TooManyRequestsException"], IntervalSeconds = 1, MaxAttempts = 2, BackoffRate = 2 }]
          Catch          = [{ ErrorEquals = ["States.ALL"], Next = "NotDone" }]
          Next           = "Done"
        }
        Done    = { Type = "Succeed" }
        NotDone = { Type = "Fail", Error = "NotDone", Cause = "Jira could not be asked, or said no" }
      }
    }
  })
  depends_on = [sandbox_role.states, sandbox_function.functions]
}

resource "sandbox_role" "schedule" {
  name = "${local.name}-schedule"
  settings = jsonencode({
    service = "events.amazonaws.com"
    statements = [{
      Effect   = "Allow"
      Action   = ["states:StartExecution"]
      Resource = format(local.arn, "states", "stateMachine:${local.name}")
    }]
    tags = local.tags
  })
}

resource "sandbox_schedule" "schedule" {
  name = "${local.name}-schedule"
  settings = jsonencode({
    expression = "rate(1 hour)"
    enabled    = true
    target     = format(local.arn, "states", "stateMachine:${local.name}")
    role       = "arn:aws:iam::${var.account}:role/${local.name}-schedule"
    tags       = local.tags
  })
  depends_on = [sandbox_role.schedule, sandbox_state_machine.workflow]
}
