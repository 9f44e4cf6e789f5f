package validate

import (
	"fmt"
	"strings"
)

func rdsChecks() []check {
	instance, cluster := on("RDS::DBInstance"), on("RDS::DBCluster")
	both := on("RDS::DBInstance", "RDS::DBCluster")
	return []check{
		{Rule{"rds-storage", fails, "an instance that is no part of a cluster and no copy has AllocatedStorage"}, instance, func(s *subject) {
			if copied(s) || s.props.get("DBClusterIdentifier").there() {
				return
			}
			if engine, ok := s.props.get("Engine").text(); ok && !strings.HasPrefix(engine, "aurora") {
				demand(s, s.props, []string{"AllocatedStorage"}, "the engine is "+engine)
			}
		}},
		{Rule{"rds-user", fails, "an instance that is no part of a cluster and no copy has a user"}, instance, func(s *subject) {
			engine, ok := s.props.get("Engine").text()
			if ok && !strings.HasPrefix(engine, "aurora") && !copied(s) && s.props.get("DBClusterIdentifier").missing() {
				demand(s, s.props, []string{"MasterUsername"}, "the instance is new")
			}
		}},
		{Rule{"rds-password", fails, "a password is given, or managed by RDS"}, both, func(s *subject) {
			if v := s.props.get("MasterUserPassword"); v.there() && s.props.get("ManageMasterUserPassword").isTrue() {
				s.flag(v, "MasterUserPassword is set where ManageMasterUserPassword is true", "leave it out")
			}
		}},
		{Rule{"rds-password-missing", fails, "a user has a password"}, instance, func(s *subject) {
			if s.props.get("MasterUsername").there() && s.props.get("ManageMasterUserPassword").missing() && !copied(s) {
				demand(s, s.props, []string{"MasterUserPassword"}, "MasterUsername is set")
			}
		}},
		{Rule{"rds-password-length", fails, "a password has 8 characters or more"}, both, func(s *subject) {
			v := s.props.get("MasterUserPassword")
			if text, ok := v.text(); ok && len(text) < 8 {
				s.flag(v, fmt.Sprintf("MasterUserPassword has %d characters", len(text)), "use 8 or more")
			}
		}},
		{Rule{"rds-iops", fails, "storage with provisioned IOPS says how many"}, instance, where("", "StorageType", "io1|io2", "Iops")},
		{Rule{"rds-monitoring", fails, "monitoring has a role"}, instance, func(s *subject) {
			if n, ok := s.props.get("MonitoringInterval").number(); ok && n > 0 {
				demand(s, s.props, []string{"MonitoringRoleArn"}, "MonitoringInterval is set")
			}
		}},
		{Rule{"rds-monitoring-interval", fails, "the interval of monitoring is one that there is"}, instance, textual("", "MonitoringInterval", "use 0, 1, 5, 10, 15, 30 or 60", func(text string) string {
			switch text {
			case "0", "1", "5", "10", "15", "30", "60":
				return ""
			}
			return "MonitoringInterval is " + shown(text)
		})},
		{Rule{"rds-zone", fails, "an instance in several zones names none"}, instance, func(s *subject) {
			if v := s.props.get("AvailabilityZone"); v.there() && s.props.get("MultiAZ").isTrue() {
				s.flag(v, "AvailabilityZone is set where MultiAZ is true", "leave it out")
			}
		}},
		{Rule{"rds-cluster-instance", fails, "an instance of a cluster leaves to the cluster what is the cluster's"}, instance, func(s *subject) {
			if !s.props.get("DBClusterIdentifier").there() {
				return
			}
			if engine, ok := s.props.get("Engine").text(); !ok || !strings.HasPrefix(engine, "aurora") {
				return
			}
			for _, name := range []string{"AllocatedStorage", "BackupRetentionPeriod", "DBName", "MasterUserPassword", "MasterUsername", "PreferredBackupWindow", "StorageEncrypted"} {
				if v := s.props.get(name); v.there() {
					s.flag(v, name+" is set for an instance of a cluster", "set it for the cluster")
				}
			}
		}},
		{Rule{"rds-key", fails, "only encrypted storage has a key"}, both, func(s *subject) {
			if v := s.props.get("KmsKeyId"); v.there() && s.props.get("StorageEncrypted").is("false") {
				s.flag(v, "KmsKeyId is set where StorageEncrypted is false", "leave it out, or turn encryption on")
			}
		}},
		{Rule{"rds-serverless", fails, "the bounds of a serverless cluster are in their order"}, cluster, all(ordered("ServerlessV2ScalingConfiguration", "MinCapacity", "MaxCapacity"), ordered("ScalingConfiguration", "MinCapacity", "MaxCapacity"))},
		{Rule{"rds-subnets", fails, "a group of subnets has two of them"}, on("RDS::DBSubnetGroup"), func(s *subject) {
			v := s.props.get("SubnetIds")
			items, all := v.items()
			if v.there() && all && v.n.List != nil && len(items) == 1 {
				s.flag(v, "the group has one subnet", "give it subnets in two availability zones")
			}
		}},
	}
}

// copied reports whether an instance may be made from a snapshot, from another one, or of a cluster.
func copied(s *subject) bool {
	for _, name := range []string{"DBSnapshotIdentifier", "DBClusterSnapshotIdentifier", "SourceDBInstanceIdentifier", "SourceDbiResourceId", "SourceDBInstanceAutomatedBackupsArn", "SourceDBClusterIdentifier", "RestoreTime", "UseLatestRestorableTime"} {
		if !s.props.get(name).missing() {
			return true
		}
	}
	return false
}
