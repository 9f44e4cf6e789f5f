package main

// defaultAdmin is who may log in to the instances, unless a flag says otherwise.
const defaultAdmin = "203.0.113.10/32"

func main() {}
