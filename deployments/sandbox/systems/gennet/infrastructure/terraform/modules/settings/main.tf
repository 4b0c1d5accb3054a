terraform {
  required_providers {
    sandbox = { source = "gates.local/demo/sandbox" }
  }
}

variable "suffix" {
  type = string
}

variable "values" {
  type = map(string)
}

resource "sandbox_parameter" "setting" {
  for_each = var.values
  name     = "/gennet/${var.suffix}/${each.key}"
  value    = each.value
}

output "prefix" {
  value = "/gennet/${var.suffix}"
}
