variable "functions_folder" {
  description = "The folder with one folder for each app."
  type        = string
}

variable "apps_folder" {
  description = "The folder with one JSON file for each app: what it needs in Azure that its own folder does not say."
  type        = string
}
