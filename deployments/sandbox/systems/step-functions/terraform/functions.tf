locals {
  insights = "arn:aws:lambda:us-east-1:580247275435:layer:LambdaInsightsExtension:53"
  code     = { for name in fileset("${path.module}/../src", "**/*.py") : name => file("${path.module}/../src/${name}") }
  functions = {
    intake   = { timeout = 30, callers = ["apigateway.amazonaws.com"] }
    jira     = { timeout = 60, callers = ["states.amazonaws.com"] }
    callback = { timeout = 30, callers = ["apigateway.amazonaws.com"] }
  }
}

resource "sandbox_role" "functions" {
  name = "${local.name}-functions"
  settings = jsonencode({
    service = "lambda.amazonaws.com"
    statements = [
      {
        Effect   = "Allow"
        Action   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"]
        Resource = format(local.arn, "dynamodb", "table/workflow-executions-${var.environment}")
      },
      {
        Effect   = "Allow"
        Action   = ["states:StartExecution", "states:SendTaskSuccess", "states:SendTaskFailure"]
        Resource = format(local.arn, "states", "stateMachine:${local.name}")
      },
      {
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = format(local.arn, "secretsmanager", "secret:workflow/${var.environment}/*")
      },
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = format(local.arn, "logs", "log-group:/aws/lambda/${local.name}-*")
      },
    ]
    tags = local.tags
  })
}

resource "sandbox_log_group" "functions" {
  for_each = local.functions
  name     = "/aws/lambda/${local.name}-${each.key}"
  settings = jsonencode({ retention = var.log_retention_days, tags = local.tags })
}

resource "sandbox_function" "functions" {
  for_each = local.functions
  name     = "${local.name}-${each.key}"
  settings = jsonencode({
    role            = "arn:aws:iam::${var.account}:role/${local.name}-functions"
    handler         = "workflow.${each.key}.handle"
    runtime         = "python3.11"
    memory          = 256
    timeout         = each.value.timeout
    concurrency     = var.lambda_reserved_concurrency
    tracing         = var.enable_xray ? "Active" : "PassThrough"
    layers          = [local.insights]
    subnets         = var.enable_vpc ? local.network.subnets : []
    security_groups = var.enable_vpc ? local.network.security_groups : []
    callers         = each.value.callers
    code            = local.code
    environment = {
      ENVIRONMENT      = var.environment
      VERSION          = local.version
      JIRA_URL         = var.jira_url
      ALLOWED_ORIGIN   = var.jira_url
      EXECUTIONS_TABLE = "workflow-executions-${var.environment}"
      STATE_MACHINE    = format(local.arn, "states", "stateMachine:${local.name}")
    }
    tags = local.tags
  })
  depends_on = [sandbox_role.functions, sandbox_log_group.functions]
}
