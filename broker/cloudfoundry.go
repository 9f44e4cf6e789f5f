package broker

import (
	"cmp"
	"net/url"
	"strings"
)

// forCloudFoundry gives the credentials of a service the names that buildpacks and libraries of Cloud
// Foundry look for, beside those of the outputs.
func (s *Service) forCloudFoundry(c Credentials) {
	text := func(key string) string { value, _ := c[key].(string); return value }
	switch {
	case strings.Contains(s.Name, "mysql") || strings.Contains(s.Name, "mariadb"):
		c.addDatabase("mysql", "jdbc:mysql", text)
		c["jdbcUrl"] = c["jdbcUrl"].(string) + "&useSSL=true"
		c["uri"] = c["uri"].(string) + "?reconnect=true"
	case strings.Contains(s.Name, "postgres"):
		c.addDatabase("postgresql", "jdbc:postgresql", text)
		c["jdbc_uri"] = c["jdbcUrl"]
		c["db_host"], c["db_name"], c["db_port"] = c["host"], c["name"], c["port"]
		c["read_host"], c["read_port"], c["read_uri"], c["jdbc_read_uri"] = c["host"], c["port"], c["uri"], c["jdbc_uri"]
	case s.Name == "s3":
		c["arn"] = text("BucketArn")
		// The key is the binding's own, or one that the template makes for all bindings.
		c["access_key_id"] = cmp.Or(text("S3_AWS_ACCESS_KEY_ID"), text("S3AwsAccessKeyId"))
		c["secret_access_key"] = cmp.Or(text("S3_AWS_SECRET_ACCESS_KEY"), text("S3AwsSecretAccessKey"))
	}
}

func (c Credentials) addDatabase(scheme, jdbc string, text func(string) string) {
	host, port, name := text("EndpointAddress"), text("Port"), text("DBName")
	user, password := text("MasterUsername"), text("MasterPassword")
	c["host"], c["hostname"], c["port"], c["name"], c["username"], c["password"] = host, host, port, name, user, password
	at := url.URL{Scheme: scheme, User: url.UserPassword(user, password), Host: host + ":" + port, Path: "/" + name}
	c["uri"] = at.String()
	c["jdbcUrl"] = jdbc + "://" + host + ":" + port + "/" + name + "?" + url.Values{"user": {user}, "password": {password}}.Encode()
}
