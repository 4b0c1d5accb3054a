terraform {
  required_providers {
    sandbox = { source = "gates.local/demo/sandbox" }
  }
}

variable "suffix" {
  type = string
}

variable "region" {
  type = string
}

resource "sandbox_parameter" "region" {
  name  = "/gennet/${var.suffix}/exports/region"
  value = var.region
}

output "setting" {
  value = sandbox_parameter.region.name
}
