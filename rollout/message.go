package rollout

import (
	"errors"
	"slices"

	"github.com/aws/smithy-go"
)

// This file is the only one of the package that reads error codes.

// hasCode reports whether err is an answer with one of these codes.
func hasCode(err error, codes ...string) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && slices.Contains(codes, api.ErrorCode())
}

func imageMissing(err error) bool {
	return hasCode(err, "InvalidAMIID.NotFound", "InvalidAMIID.Unavailable")
}

func imageNameTaken(err error) bool { return hasCode(err, "InvalidAMIName.Duplicate") }

func templateMissing(err error) bool {
	return hasCode(err, "InvalidLaunchTemplateId.NotFound", "InvalidLaunchTemplateName.NotFoundException", "InvalidLaunchTemplateId.NotFoundException")
}

func versionMissing(err error) bool {
	return hasCode(err, "InvalidLaunchTemplateId.VersionNotFound", "InvalidLaunchTemplateName.VersionNotFound")
}

func refreshUnderWay(err error) bool {
	return hasCode(err, "InstanceRefreshInProgress", "InstanceRefreshInProgressFault")
}

func noActiveRefresh(err error) bool {
	return hasCode(err, "ActiveInstanceRefreshNotFound", "ActiveInstanceRefreshNotFoundFault")
}

func irreversible(err error) bool {
	return hasCode(err, "IrreversibleInstanceRefresh", "IrreversibleInstanceRefreshFault")
}

func parameterMissing(err error) bool { return hasCode(err, "ParameterNotFound") }

func snapshotMissing(err error) bool { return hasCode(err, "InvalidSnapshot.NotFound") }

func snapshotInUse(err error) bool { return hasCode(err, "InvalidSnapshot.InUse") }
