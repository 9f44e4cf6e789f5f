package local

func (c *Cloud) isSlot(bucket string) bool { return false }

func (c *Cloud) answerSlot(call *s3Call, body []byte) *reply { return nil }
