variable "account" {
  type        = string
  description = "The AWS account that all of it is in"
}

variable "region" {
  type = string
}

variable "suffix" {
  type        = string
  description = "Ends the names of the environment: staging, prod"
}

variable "inference_workers" {
  type        = number
  description = "Jobs that run at the same time"
}

variable "most_networks" {
  type        = number
  description = "Networks that one person may keep"
}
