variable "functions_folder" {
  description = "The folder with one folder for each app."
  type        = string
}

variable "crates_folder" {
  description = "The folder with our crates, of which some have parts of contracts that apps share."
  type        = string
}
