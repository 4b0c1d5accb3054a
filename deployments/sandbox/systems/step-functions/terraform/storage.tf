resource "sandbox_table" "executions" {
  name = "workflow-executions-${var.environment}"
  settings = jsonencode({
    key      = "issue"
    billing  = var.dynamodb_billing_mode
    reads    = 10
    writes   = 10
    recovery = true
    ttl      = "expires"
    tags     = local.tags
  })
}

resource "sandbox_bucket" "logs" {
  name = "workflow-logs-${var.environment}-${var.account}"
  settings = jsonencode({
    versioning = true
    expire     = { rotate-logs = 90 }
    log_to     = ""
    copy_to    = ""
    role       = ""
    tags       = local.tags
  })
}

resource "sandbox_role" "copies" {
  name = "${local.name}-copies"
  settings = jsonencode({
    service = "s3.amazonaws.com"
    statements = [{
      Effect   = "Allow"
      Action   = ["s3:ReplicateObject"]
      Resource = "arn:aws:s3:::${var.replicate_to}/*"
    }]
    tags = local.tags
  })
}

resource "sandbox_bucket" "artifacts" {
  name = "workflow-artifacts-${var.environment}-${var.account}"
  settings = jsonencode({
    versioning = true
    expire     = { old-artifacts = 365 }
    log_to     = "workflow-logs-${var.environment}-${var.account}"
    copy_to    = var.replicate_to
    role       = "arn:aws:iam::${var.account}:role/${local.name}-copies"
    tags       = local.tags
  })
  depends_on = [sandbox_bucket.logs, sandbox_role.copies]
}
