resource "sandbox_log_group" "api" {
  name     = "/aws/apigateway/${local.name}"
  settings = jsonencode({ retention = var.log_retention_days, tags = local.tags })
}

resource "sandbox_rest_api" "api" {
  name = local.name
  settings = jsonencode({
    methods = {
      "GET /health"         = { function = format(local.arn, "lambda", "function:${local.name}-intake"), key = false, model = "" }
      "OPTIONS /executions" = { function = format(local.arn, "lambda", "function:${local.name}-intake"), key = false, model = "" }
      "POST /executions"    = { function = format(local.arn, "lambda", "function:${local.name}-intake"), key = true, model = "Execution" }
      "POST /callback"      = { function = format(local.arn, "lambda", "function:${local.name}-callback"), key = true, model = "Outcome" }
    }
    models = {
      Execution = { type = "object", required = ["issue"], properties = { issue = { type = "string" } } }
      Outcome   = { type = "object", required = ["issue", "outcome"], properties = { issue = { type = "string" }, outcome = { type = "string" } } }
    }
    stage   = var.environment
    rate    = 50
    burst   = 100
    log_to  = format(local.arn, "logs", "log-group:/aws/apigateway/${local.name}")
    tracing = var.enable_xray
    client  = "${local.name}-jira"
    web_acl = local.network.web_acl
    domain  = var.domain
    tags    = local.tags
  })
  depends_on = [sandbox_function.functions, sandbox_log_group.api]
}
