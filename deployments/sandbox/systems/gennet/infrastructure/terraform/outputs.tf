output "settings" {
  value = module.settings.prefix
}

output "exports" {
  value = module.exports.setting
}
