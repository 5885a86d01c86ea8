variable "functions_folder" {
  description = "The folder with one folder for each app."
  type        = string
}

variable "sun_regions" {
  description = "What stands for %SUN_REGION% in the names of queues: one queue for each."
  type        = list(string)
  default     = ["everywhere"]
}

variable "crates_folder" {
  description = "The folder with our crates, of which some have parts of contracts that apps share."
  type        = string
}

variable "teams_folder" {
  description = "The folder with one file for each team."
  type        = string
}
