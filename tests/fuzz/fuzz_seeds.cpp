// SPDX-License-Identifier: Apache-2.0
#include <tests/fuzz/fuzz_seeds.hpp>

#include <array>

namespace structwire::testing::fuzz {
namespace {

constexpr std::array
    all =
        std::to_array<Seed>(
            {
                {0,
                 R"({"b":true,"i":-7,"f":2.5e3,"s":"k\u00e4\ud83d\ude00\n","by":"AQID","dt":"2024-02-29T12:30:45.123456+02:00","d":"1999-12-31","t":"23:59:59.5Z","td":"P1DT2H3.5S","u":"123e4567-e89b-12d3-a456-426614174000","dec":"-12.340","e":"dragon fruit","lv":10,"lit":"x","n":null,"any":{"a":[1,2.5,null,true,"t",-9223372036854775808,18446744073709551615]}})"},
                {0,
                 R"({"b":"false","i":"12","f":"1e2","s":"","by":"","dt":1700000000.25,"d":"2024-01-01","t":"00:00:00","td":90.5,"u":"123e4567e89b12d3a456426614174000","dec":3.25,"e":"apple","lv":"-3","lit":"y","n":"null","any":null})"},
                {1, R"({"type":"Put","key":"k","val":"v"})"},
                {1, R"({"key":"k","other":[{}],"type":"Get"})"},
                {1, R"(null)"},
                {1, R"(-42)"},
                {2, R"([["AG","k"],["AP","k",8],["AP","only"],["AP","k",1,"more",{}]])"},
                {3,
                 R"({"shapes":[{"kind":"circle","r":1.5},{"w":1,"kind":"rect","h":2,"name":"n"}],"bg":{"kind":"rect","w":0.5,"h":-1e-9,"name":""},"alt":"text"})"},
                {3, R"({"bg":null,"alt":{"kind":"circle","r":3,"name":"c"}})"},
                {4,
                 R"({"req":1,"i":6,"s":"other","n":null,"l":[1,-2,300],"m":{"a":1,"b":-1},"st":[3,2,1],"f":1.5,"b":true,"fac":[],"by":"/+8=","tup":[9]})"},
                {4, R"({"req":1})"},
                {5, R"({"x":1,"y":null,"z":"z","l":[]})"},
                {5, R"({"x":-1,"y":5})"},
                {6, R"({"name":"a_name-9","groups":["ab","c"],"cpu_limit":0.25,"mem_limit":512})"},
                {6,
                 R"({"name":"Bad name","groups":["toolong","","a","b"],"cpu_limit":9,"mem_limit":100})"},
                {7, R"({"path":"/etc/x","backup":null,"roots":[[1.5,-2],[0,3e10]]})"},
                {7, R"({"path":"","backup":"b","roots":[[1]]})"},
                {8,
                 R"({"integer":{"1":"a","-9223372036854775808":""},"small":{"-128":true,"127":false},"large":{"18446744073709551615":true},"floating":{"1.5":1,"-2e-3":2},"single":{"0.25":1},"uuid":{"123e4567-e89b-12d3-a456-426614174000":1},"date":{"2024-02-29":1}})"},
                {8,
                 R"({"datetime":{"2024-02-29T12:30:45.5Z":1,"2024-02-29T12:30:45":2},"time":{"01:02:03.000004-05:30":1},"duration":{"PT1.5S":1,"-P2D":2},"decimal":{"1.50":1,"-1E+3":2},"bytes":{"AQI=":1}})"},
                {8,
                 R"({"named":{"apple":1,"dragon fruit":2},"numbered":{"5":1,"-3":2},"literal":{"a":1},"listed":{"3":2},"either":{"1":1,"x":2},"checked":{"abc":1},"any":{"k":[1,{"z":null}],"":{}}})"},
                {9,
                 R"({"texts":["a","b"],"pairs":[[1,"x"],[2,"y"]],"nested":[1,["s",true],0.5],"three":[0,128,255],"plain":[true,-1,0.5,"t",null],"moment":"2024-02-29T00:00:00Z","lookup":{"a":1},"number":"1.25","blob":"AA==","level":"text","tried":{"x":1,"y":2}})"},
                {9,
                 R"({"moment":[1,2],"lookup":"text","number":1.5,"blob":-5,"level":5,"tried":{"a":1,"b":null}})"},
                {9, R"({"moment":77,"tried":9,"plain":["1","true","null","1.5","x"]})"},
                {10, R"({"kind":1,"body":{"a":[1,"\u0041",{"b":null}],"c":1e400},"opt":[ ]})"},
                {10, R"({"body":"text","kind":0})"},
                {11,
                 R"({"value":1,"next":{"value":2,"next":null,"children":[{"value":3,"next":null}]},"children":[{"value":4,"next":{"value":5,"next":null},"children":[]}]})"},
                {12,
                 R"({"messageId":"m","line":3,"column":-4,"operations":[{"op":"oget","key":"k"},{"op":"oput","key":"k","val":9},{"op":"odel","key":"k"},{"op":"new","x":[1,{}]},{"z":1,"op":7}],"oldName":"n","later":{"x":[1]},"more":null})"},
                {12, R"({"column":1,"older_name":"a","messageId":"","surplus":1.5})"},
                {12, R"({"oldest":"a"})"},
                {13,
                 R"({"aware_moment":"2024-02-29T12:30:45+05:30","naive_moment":"2024-02-29 12:30:45.999999","naive_time":"12:00:00","hexadecimal":"00fF","url":"_-8=","day":"2024-02-29","price":"9.99","wait":"PT0.5S","exact":"-PT0.000000001S","tiny":-128,"large":18446744073709551615,"single":1.5e-3,"flag":true,"literal":"three","color":"GREEN"})"},
                {13,
                 R"({"literal":2,"wait":1.5,"price":null,"day":null,"tiny":"127","single":"0.1","flag":"1","color":"red","aware_moment":"1700000000"})"},
                {14,
                 R"({"id":1,"tag":"t","when":"2024-02-29T12:30:45Z","kind":"banana","lv":5,"shape":{"kind":"circle","r":1},"data":"AQID","pt":[1,2],"mp":{"ab":1.5},"tup":[2,"b"]})"},
                {14,
                 R"({"id":0,"when":"2024-02-29T12:30:45","mp":{"a":9},"data":"AAAAAAAAAAAAAAAAAAAA"})"},
                {15, R"({"type":1,"a":5})"},
                {15, R"({"b":"x","type":2})"},
                {15, R"({"type":-5,"c":false,"d":[]})"},
            });

}  // namespace

std::span<const Seed> seeds() { return all; }

}  // namespace structwire::testing::fuzz
