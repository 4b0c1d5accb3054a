suffix            = "staging"
inference_workers = 2
most_networks     = 500
