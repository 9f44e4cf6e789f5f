package bucket_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/updraft-go/updraft/broker/bucket"
	"github.com/updraft-go/updraft/local"
)

func ExampleSource() {
	ctx := context.Background()
	cloud := &local.Cloud{}
	defer cloud.Close()
	api := s3.NewFromConfig(cloud.Config(), func(o *s3.Options) { o.UsePathStyle = true })
	if _, err := api.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("services")}); err != nil {
		log.Fatal(err)
	}
	body := strings.NewReader(strings.Replace(template, "NAME", "news", 1))
	if _, err := api.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("services"), Key: aws.String("v1/news-main.yaml"), Body: body}); err != nil {
		log.Fatal(err)
	}

	source := &bucket.Source{API: api, Bucket: "services", Prefix: "v1/"}
	services, err := source.Services(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(services[0].Name)
	// Output: news
}
