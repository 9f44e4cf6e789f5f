function RosServerPropsValidator(properties) {
    const errors = new ros.ValidationResults();
    errors.collect(ros.propertyValidator('name', ros.requiredValidator)(properties.name));
    if (properties.name && (Array.isArray(properties.name) || (typeof properties.name) === 'string')) {
        errors.collect(ros.propertyValidator('name', ros.validateLength)({
            data: properties.name.length,
            min: 1,
            max: 128,
        }));
    }
    if (properties.name && (typeof properties.name) !== 'object') {
        errors.collect(ros.propertyValidator('name', ros.validateAllowedPattern)({
            data: properties.name,
            reg: /^[a-z]+$/
        }));
    }
    errors.collect(ros.propertyValidator('name', ros.validateString)(properties.name));
    if (properties.timeout && (typeof properties.timeout) !== 'object') {
        errors.collect(ros.propertyValidator('timeout', ros.validateRange)({
            data: properties.timeout,
            min: 1,
            max: 43200,
        }));
    }
    if (properties.kind && (typeof properties.kind) !== 'object') {
        errors.collect(ros.propertyValidator('kind', ros.validateAllowedValues)({
            data: properties.kind,
            allowedValues: ["small", "large"],
        }));
    }
    return errors.wrap('supplied properties not correct for "RosServerProps"');
}
function rosServerPropsToRosTemplate(properties, enableResourcePropertyConstraint) {
    if (enableResourcePropertyConstraint) {
        RosServerPropsValidator(properties).assertSuccess();
    }
    return {
        'Name': ros.stringToRosTemplate(properties.name),
        'Timeout': ros.numberToRosTemplate(properties.timeout),
        'Kind': ros.stringToRosTemplate(properties.kind),
        'Disks': ros.listMapper(rosServerDiskPropertyToRosTemplate)(properties.disks),
        'Options': ros.hashMapper(ros.objectToRosTemplate)(properties.options),
        'Tags': ros.listMapper(ros.rosTagToRosTemplate)(properties.tags),
    };
}
class RosServer extends ros.RosResource {
    constructor(scope, id, props, enableResourcePropertyConstraint) {
        super(scope, id, { type: RosServer.ROS_RESOURCE_TYPE_NAME, properties: props });
        this.attrServerId = this.getAtt('ServerId');
        this.name = props.name;
    }
}
RosServer.ROS_RESOURCE_TYPE_NAME = "ALIYUN::TEST::Server";
function RosServer_DiskPropertyValidator(properties) {
    const errors = new ros.ValidationResults();
    errors.collect(ros.propertyValidator('size', ros.requiredValidator)(properties.size));
    return errors.wrap('supplied properties not correct for "DiskProperty"');
}
function rosServerDiskPropertyToRosTemplate(properties) {
    if (!ros.canInspect(properties)) {
        return properties;
    }
    RosServer_DiskPropertyValidator(properties).assertSuccess();
    return {
        'Size': ros.numberToRosTemplate(properties.size),
        'Disks': ros.listMapper(rosServerDiskPropertyToRosTemplate)(properties.disks),
    };
}
