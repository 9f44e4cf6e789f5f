package main

import (
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/resources/ec2"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/userdata"
)

// template is the stack: the server, the wait condition for it, and the address that waits.
func template(hurried bool) *stack.Template {
	timeout := fn.String("300")
	if hurried {
		timeout = "2"
	}
	t := &stack.Template{Description: "a server that gets its address when it is ready"}
	ready := stack.AddWait(t, "Ready", stack.Wait{Timeout: timeout})
	boot := userdata.Script{
		Signal: &userdata.Signal{Handle: ready.Handle(), ID: "server", Data: "nginx is up"},
		Lines:  []fn.String{"dnf install -y nginx", "systemctl start nginx"},
	}
	server := stack.Add(t, "Server", &ec2.Instance{ImageId: "ami-0123456789abcdef0", InstanceType: "t3.micro", UserData: boot.UserData()})
	ready.For(server)
	address := stack.Add(t, "Address", &ec2.EIP{InstanceId: server.Ref()}, stack.Attributes{DependsOn: stack.After(ready)})
	t.Output("Address", stack.Output{Value: address.Ref()})
	t.Output("Said", stack.Output{Value: ready.Data()})
	return t
}
