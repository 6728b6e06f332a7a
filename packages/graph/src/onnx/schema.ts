/**
 * The part of ONNX's protobuf schema that this package writes (field numbers from onnx.proto3 of the ONNX
 * project, IR version 10).
 */
export const onnxSchema = `
syntax = "proto3";
package onnx;
message AttributeProto { string name = 1; float f = 2; int64 i = 3; bytes s = 4; GraphProto g = 6; repeated float floats = 7; repeated int64 ints = 8; int32 type = 20; }
message ValueInfoProto { string name = 1; TypeProto type = 2; }
message NodeProto { repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4; repeated AttributeProto attribute = 5; string domain = 7; }
message ModelProto { int64 ir_version = 1; repeated OperatorSetIdProto opset_import = 8; string producer_name = 2; string producer_version = 3; GraphProto graph = 7; }
message TensorProto { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; repeated StringStringEntryProto external_data = 13; int32 data_location = 14; }
message StringStringEntryProto { string key = 1; string value = 2; }
message GraphProto { repeated NodeProto node = 1; string name = 2; repeated TensorProto initializer = 5; repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12; }
message TypeProto { message Tensor { int32 elem_type = 1; TensorShapeProto shape = 2; } Tensor tensor_type = 1; }
message TensorShapeProto { message Dimension { int64 dim_value = 1; string dim_param = 2; } repeated Dimension dim = 1; }
message OperatorSetIdProto { string domain = 1; int64 version = 2; }
`;

export const IR_VERSION = 10;
export const OPSET_VERSION = 21;
/** Values of onnx.TensorProto.DataType. */
export const elementTypeIds = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 } as const;
/** Value of onnx.TensorProto.DataLocation. */
export const EXTERNAL = 1;
/** Values of onnx.AttributeProto.AttributeType. */
export const attributeTypeIds = { float: 1, int: 2, string: 3, graph: 5, ints: 7 } as const;
