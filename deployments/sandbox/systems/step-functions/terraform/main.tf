terraform {
  required_providers {
    sandbox = { source = "gates.local/demo/sandbox" }
  }
  backend "s3" {
    bucket         = "workflow-terraform-state-123456789012"
    key            = "workflow.tfstate"
    region         = "us-east-1"
    dynamodb_table = "workflow-terraform-locks"
    use_path_style = true
  }
}

locals {
  name    = "workflow-${var.environment}"
  version = trimspace(file("${path.module}/../VERSION"))
  arn     = "arn:aws:%s:${var.aws_region}:${var.account}:%s"
  network = var.networks[var.environment]
  topic   = format(local.arn, "sns", "workflow-alerts-${var.environment}")
  tags = {
    Project     = "workflow"
    Environment = var.environment
    Owner       = "workflow-team"
    CostCenter  = "4711"
  }
}
