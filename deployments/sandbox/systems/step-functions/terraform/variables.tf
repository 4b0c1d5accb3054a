variable "environment" {
  default = "prod"
}

variable "account" {
  default = "123456789012"
}

variable "aws_region" {
  default = "us-east-1"
}

variable "state_machine_timeout_seconds" {
  default = 7200 # 2 hours for production
}

variable "enable_vpc" {
  default = true
}

variable "enable_xray" {
  default = true
}

variable "lambda_reserved_concurrency" {
  default = 10
}

variable "dynamodb_billing_mode" {
  default = "PROVISIONED"
}

variable "log_retention_days" {
  default = 90
}

variable "jira_url" {
  default = "https://jira.example.com"
}

variable "domain" {
  description = "Custom domain of the API, made by the platform team; empty: none."
  default     = ""
}

variable "replicate_to" {
  description = "Bucket in another region that gets a copy; empty: none."
  default     = ""
}

variable "networks" {
  description = "Private subnets, security groups and web ACL by environment, made by the platform team."
  type        = map(object({ subnets = list(string), security_groups = list(string), web_acl = string }))
}
