terraform {
  required_version = ">= 1.5.0"

  required_providers {
    sandbox = { source = "gates.local/demo/sandbox" }
  }

  # The key of each environment's state is in <suffix>.s3.tfbackend.
  backend "s3" {
    bucket         = "gennet-terraform-states"
    dynamodb_table = "gennet-terraform-locks"
    use_path_style = true
  }
}

module "settings" {
  source = "./modules/settings"
  suffix = var.suffix
  values = {
    "inference/workers" = tostring(var.inference_workers)
    "networks/most"     = tostring(var.most_networks)
  }
}

# New in this version.
module "exports" {
  source = "./modules/exports"
  suffix = var.suffix
  region = var.region
}
