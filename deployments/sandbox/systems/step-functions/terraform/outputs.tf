output "api_url" {
  value = sandbox_rest_api.api.address
}

output "state_machine_arn" {
  value = sandbox_state_machine.workflow.address
}
