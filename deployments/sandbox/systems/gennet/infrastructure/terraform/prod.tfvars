suffix            = "prod"
inference_workers = 8
most_networks     = 500
